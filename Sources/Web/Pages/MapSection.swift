extension PageContext {
    /// The map with what can be chosen about it, and its legend.
    func mapSection(_ view: WorkView, _ counts: [String: OutcomeCounts]) -> HTML {
        let say = language
        let value = shownValue(view.figure)
        let scale = ColourScale(
            counts.values.map(value), step: view.figure == .families ? ColourScale.twoDigits : { _ in 10 })
        return Tag.section(.aria(.labelledby, "peta")) {
            Tag.h2(.id("peta")) { say(Words.Work.map) }
            choices(view)
            Tag.p(.class("soft")) {
                say(view.district == nil ? Words.Work.mapHint : Words.Work.mapHintVillages) + " "
                Tag.a(.href(.fragment("tabel"))) { say(Words.Work.skipMap) }
            }
            Tag.figure(.class("side")) {
                map(view, counts, scale)
                Tag.figcaption { legend(view.figure, scale) }
            }
        }
    }

    /// What a figure's colour is made of: a count, or, so that large regions do not stand out for being large, a share of
    /// the assessed families in thousandths.
    private func shownValue(_ figure: Figure) -> (OutcomeCounts) -> Int {
        { counts in
            guard figure != .families else { return counts.families }
            return counts.families == 0 ? 0 : counts[figure] * 1000 / counts.families
        }
    }

    private func choices(_ view: WorkView) -> HTML {
        let say = language
        func chosen(_ isChosen: Bool) -> Attribute? { isChosen ? .aria(.current, "true") : nil }
        return HTML([
            Tag.nav(.class("picks"), .aria(.label, say(Words.Work.mapProgramme))) {
                Tag.span { say(Words.Work.mapProgramme) }
                view.figures.programmes.map { programme in
                    Tag.a(
                        .href(
                            WorkView.address(
                                district: view.district?.code, programme: programme.code, figure: view.figure,
                                order: view.order, fragment: "peta")),
                        chosen(programme.code == view.figures.programme)
                    ) { programme.title }
                }
            },
            Tag.nav(.class("picks"), .aria(.label, say(Words.Work.mapFigure))) {
                Tag.span { say(Words.Work.mapFigure) }
                Figure.allCases.map { figure in
                    Tag.a(
                        .href(
                            WorkView.address(
                                district: view.district?.code, programme: view.figures.programme, figure: figure,
                                order: view.order, fragment: "peta")),
                        chosen(figure == view.figure)
                    ) { say(figure.phrase) }
                }
            },
        ])
    }

    private func map(_ view: WorkView, _ counts: [String: OutcomeCounts], _ scale: ColourScale) -> HTML {
        let box = view.sheet.box
        let margin = max(box.width, box.height) / 50
        let value = shownValue(view.figure)
        // Letters of about 12 pixels where the map is as large as the style sheet lets it.
        let letters = max(box.width * 13 / 800, box.height * 12 / 736, 1)
        return Tag.svg(
            .class("map"), .role(.group), .aria(.labelledby, "peta"),
            .viewBox(box.minX - margin, box.minY - margin, box.width + 2 * margin, box.height + 2 * margin)
        ) {
            view.sheet.outlines.map { outline in
                let count = counts[outline.code]
                let link =
                    view.district == nil
                    ? self.link(view, toDistrict: outline.code) : .fragment("r-" + outline.code)
                return Tag.a(.href(link)) {
                    Tag.title { describe(outline, count, view.figure) }
                    Tag.path(.class(count.map { "m\(scale.colour(value($0)))" } ?? "mn"), .d(outline.path))
                }
            }
            Tag.g(.aria(.hidden, "true"), .fontSize(letters)) {
                MapLabel.placed(view.sheet.outlines, letters: letters).map { label in
                    Tag.text(.x(label.x), .y(label.y)) { label.text }
                }
            }
        }
    }

    private func describe(_ outline: RegionOutline, _ counts: OutcomeCounts?, _ figure: Figure) -> String {
        guard let counts else { return outline.name + ": " + language(Words.Work.noFigures) }
        let value = outline.name + ": " + language(figure.phrase) + " " + language.count(counts[figure])
        return figure == .families
            ? value : value + " (" + language.percent(counts[figure], of: counts.families) + ")"
    }

    private func legend(_ figure: Figure, _ scale: ColourScale) -> HTML {
        func text(_ value: Int) -> String {
            figure == .families ? language.count(value) : language.percent(value, of: 1000)
        }
        let limits = scale.limits.map(text)
        let ranges: [Phrase] =
            limits.indices.map { index in
                index == 0
                    ? Words.Work.below(limits[0]) : Words.Work.between(limits[index - 1], limits[index])
            } + (limits.last.map { [Words.Work.above($0)] } ?? [])
        return HTML([
            Tag.p {
                Tag.strong {
                    language(figure == .families ? Words.Work.legendCount : Words.Work.legendShare(figure.phrase))
                }
            },
            Tag.ul(.class("key"), .role(.list)) {
                ranges.enumerated().map { number, range in
                    Tag.li {
                        Tag.span(.class("m\(scale.colour(ofClass: number))")) {}
                        Tag.span { language(range) }
                    }
                }
                Tag.li {
                    Tag.span(.class("mn")) {}
                    Tag.span { language(Words.Work.noFigures) }
                }
            },
            Tag.p(.class("soft")) { language(Words.Work.outlines) + " " + region.map.credit },
        ])
    }
}

/// A name on a map.
struct MapLabel: Sendable, Equatable {
    let text: String
    /// The middle of the text.
    let x: Int
    /// The text's base line.
    let y: Int
    private let box: MapBox

    private init(_ text: String, x: Int, y: Int, letters: Int) {
        self.text = text
        self.x = x
        self.y = y
        // Letters are a little more than half as wide as high, on average and in bold.
        let half = text.count * letters * 3 / 10
        box = MapBox(minX: x - half, minY: y - letters, maxX: x + half, maxY: y)
    }

    /// Where names can stand without covering each other: at the regions' own places, else a little above or below. A name
    /// for which there is no room is left out; the region's title and the table still say it.
    static func placed(_ outlines: [RegionOutline], letters: Int) -> [MapLabel] {
        var placed: [MapLabel] = []
        for outline in outlines {
            let candidates = [0, -1, 1, -2, 2].map { step in
                MapLabel(outline.name, x: outline.label.x, y: outline.label.y + step * letters / 2, letters: letters)
            }
            if let free = candidates.first(where: { candidate in !placed.contains { $0.box.overlaps(candidate.box) } })
            {
                placed.append(free)
            }
        }
        return placed
    }
}

extension MapBox {
    fileprivate func overlaps(_ other: MapBox) -> Bool {
        minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
    }
}

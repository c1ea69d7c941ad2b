import Journal

/// What the work page was asked to show.
struct WorkView: Sendable {
    /// The columns of the table that it can be sorted by; the raw values are those of the address.
    enum Order: Sendable, Equatable {
        case name
        case figure(Figure)

        init(_ text: String?) { self = text.flatMap(Figure.init).map { .figure($0) } ?? .name }

        var text: String {
            switch self {
            case .name: "nama"
            case .figure(let figure): figure.rawValue
            }
        }
    }

    /// The district whose villages are shown; nil shows the districts.
    let district: RegionOutline?
    let sheet: RegionMap.Sheet
    let figure: Figure
    let order: Order
    let figures: WorkFigures

    /// The page's own address with all that was chosen.
    var address: Link {
        Self.address(district: district?.code, programme: figures.programme, figure: figure, order: order)
    }

    /// The address of a page with what was chosen; what is the default is left out.
    static func address(
        district: String?, programme: String?, figure: Figure, order: Order, fragment: String? = nil
    ) -> Link {
        var query: [(name: String, value: String)] = []
        if let programme { query.append(("program", programme)) }
        if figure != .families { query.append(("angka", figure.rawValue)) }
        if order != .name { query.append(("urut", order.text)) }
        return Link(path: ["kerja"] + (district.map { [$0] } ?? []), query: query, fragment: fragment)
    }

    /// The counts of each region that has some.
    var counts: [String: OutcomeCounts] {
        Dictionary(figures.regions.map { ($0.code, $0.counts) }, uniquingKeysWith: { first, _ in first })
    }

    /// The regions in the order of the table: names ascending, counts descending, ties by code.
    func sorted(_ counts: [String: OutcomeCounts]) -> [RegionOutline] {
        switch order {
        case .name: sheet.outlines.sorted { ($0.name, $0.code) < ($1.name, $1.code) }
        case .figure(let figure):
            sheet.outlines.sorted { left, right in
                let (first, second) = (counts[left.code]?[figure] ?? -1, counts[right.code]?[figure] ?? -1)
                return first == second ? left.code < right.code : first > second
            }
        }
    }
}

extension PageContext {
    /// The figures of the last assessment as cards, a map and a table.
    ///
    func workPage(_ view: WorkView) -> HTML {
        let say = language
        let name = view.district.map { say(Words.Work.district($0.name)) } ?? say(region.name)
        let title = say(Words.Work.title(name))
        let counts = view.counts
        return document(title: title, place: .figures) {
            Tag.div(.class("in part")) {
                if view.district != nil {
                    Tag.p { Tag.a(.href(link(view, toDistrict: nil))) { "← " + say(Words.Work.back) } }
                }
                Tag.h1 { title }
                Tag.p(.class("lead")) { say(view.figures.programmes.isEmpty ? Words.Work.nothing : Words.Work.lead) }
                if !view.figures.programmes.isEmpty {
                    Tag.section(.aria(.label, say(Words.Work.programmes))) {
                        Tag.div(.class("grid two")) { view.figures.programmes.map(card) }
                    }
                }
                mapSection(view, counts)
                tableSection(view, counts)
                Tag.p(.class("soft")) { say(Words.Work.notExact) }
            }
        }
    }

    private func card(_ programme: ProgrammeFigures) -> HTML {
        let say = language
        let counts = programme.counts
        let parts: [(name: Phrase, count: Int, style: String)] = [
            (Words.Work.funded, counts.funded, "b-funded"), (Words.Work.waitlisted, counts.waitlisted, "b-waitlisted"),
            (Words.Work.undetermined, counts.undetermined, "b-undetermined"),
            (Words.Work.ineligible, counts.ineligible, "b-ineligible"),
        ]
        return Tag.article(.class("card")) {
            Tag.h2 { programme.title }
            Tag.p {
                Tag.strong { say.count(counts.families) }
                " " + say(Words.Work.assessedFamilies)
                programme.quota.map { HTML(text: " · " + say(Words.Work.quota(say.count($0)))) }
            }
            bar(parts, of: counts.families)
            Tag.ul(.class("key"), .role(.list)) {
                parts.map { part in
                    Tag.li {
                        Tag.span(.class(part.style)) {}
                        Tag.span { say(part.name) }
                        Tag.span(.class("num")) {
                            say.count(part.count) + " (" + say.percent(part.count, of: counts.families) + ")"
                        }
                    }
                }
            }
            if counts.kept > 0 { Tag.p { say(Words.Work.kept(say.count(counts.kept))) } }
            Tag.p(.class("soft")) { say(Words.Work.assessed(say.date(programme.assessedOn), programme.version)) }
            Tag.p { Tag.a(.href(PageContext.rulesLink(programme.code))) { say(Words.Rules.link) } }
        }
    }

    /// The outcomes side by side; the list below it says the same, so it is hidden from screen readers.
    private func bar(_ parts: [(name: Phrase, count: Int, style: String)], of whole: Int) -> HTML {
        var left = 0
        var rectangles: [HTML] = []
        for part in parts where whole > 0 && part.count > 0 {
            let width = Int((Double(part.count) / Double(whole) * 1000).rounded())
            rectangles.append(
                Tag.rect(.class(part.style), .x(left), .width(max(0, min(width, 1000 - left) - 3)), .height(10)))
            left += width
        }
        return Tag.svg(.class("bar"), .viewBox(0, 0, 1000, 10), .stretched, .aria(.hidden, "true")) { rectangles }
    }

    private func tableSection(_ view: WorkView, _ counts: [String: OutcomeCounts]) -> HTML {
        let say = language
        let programme = view.figures.programmes.first { $0.code == view.figures.programme }
        return Tag.section(.class("part"), .aria(.labelledby, "tabel")) {
            Tag.h2(.id("tabel")) { say(Words.Work.table) }
            Tag.div(.class("scroll"), .role(.region), .aria(.labelledby, "tabel"), .inTabOrder) {
                Tag.table(.class("data")) {
                    Tag.caption { say(Words.Work.tableCaption(programme?.title ?? "")) }
                    Tag.thead {
                        Tag.tr {
                            heading(view, .name, view.district == nil ? Words.Work.districts : Words.Work.villages)
                            Figure.allCases.map { heading(view, .figure($0), $0.phrase) }
                        }
                    }
                    Tag.tbody {
                        view.sorted(counts).map { outline in
                            Tag.tr(.id("r-" + outline.code)) {
                                Tag.th(.scope(.row)) {
                                    if view.district == nil {
                                        Tag.a(.href(link(view, toDistrict: outline.code))) { outline.name }
                                    } else {
                                        outline.name
                                    }
                                }
                                cells(counts[outline.code])
                            }
                        }
                    }
                    programme.map { programme in
                        Tag.tfoot {
                            Tag.tr {
                                Tag.th(.scope(.row)) { say(Words.Work.total) }
                                cells(programme.counts)
                            }
                        }
                    }
                }
            }
        }
    }

    private func cells(_ counts: OutcomeCounts?) -> [HTML] {
        Figure.allCases.map { figure in Tag.td { counts.map { language.count($0[figure]) } ?? "–" } }
    }

    private func heading(_ view: WorkView, _ order: WorkView.Order, _ name: Phrase) -> HTML {
        let direction = order == .name ? "ascending" : "descending"
        return Tag.th(.scope(.col), order == view.order ? .aria(.sort, direction) : nil) {
            Tag.a(
                .href(
                    WorkView.address(
                        district: view.district?.code, programme: view.figures.programme, figure: view.figure,
                        order: order, fragment: "tabel"))
            ) { language(name) }
            if order == view.order { Tag.span(.aria(.hidden, "true")) { order == .name ? " ↑" : " ↓" } }
        }
    }

    /// The same choices in a district, or in the whole region.
    func link(_ view: WorkView, toDistrict code: String?) -> Link {
        WorkView.address(district: code, programme: view.figures.programme, figure: view.figure, order: .name)
    }
}

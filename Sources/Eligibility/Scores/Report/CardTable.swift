import Foundation

extension ScoreReport {
    /// The card as a table to print and add up on; nil where the model is none.
    var card: Markup? {
        guard let card = model.card else { return nil }
        var rows: [Markup] = []
        for (number, question) in card.questions.enumerated() {
            let answers = answers(of: question)
            for (index, answer) in answers.enumerated() {
                var cells: [Markup] = []
                if index == 0 {
                    cells.append(
                        .tag(
                            "th", ["scope": "rowgroup", "rowspan": "\(answers.count)"],
                            Markup("\(number + 1). \(asking(question))")))
                }
                cells.append(.tag("td", Markup(answer.words)))
                cells.append(.tag("td", Markup("\(answer.points)")))
                rows.append(.tag("tr", cells))
            }
        }
        rows.append(
            .tag(
                "tr",
                [
                    .tag("th", ["scope": "row", "colspan": "2"], Markup("\(say(.total)) (0–\(card.mostPoints))")),
                    .tag("td", "____"),
                ]))
        return section(
            .card,
            [
                .tag("p", Markup(say(.cardText))),
                .tag(
                    "div", ["class": "scroll"],
                    .tag(
                        "table", ["class": "points"],
                        [
                            .tag("caption", Markup(say(.card))),
                            .tag(
                                "thead",
                                .tag(
                                    "tr",
                                    [say(.question), say(.answer), say(.points)].map {
                                        .tag("th", ["scope": "col"], Markup($0))
                                    })),
                            .tag("tbody", rows),
                        ])),
            ])
    }

    /// How a question is asked.
    private func asking(_ question: ScoreCard.Question) -> String {
        if let described = model.sheet?.questions.first(where: { $0.name == question.name }) {
            return text(described.ask)
        }
        if case .region = question.asked { return say(.region) }
        return question.name
    }

    /// The answers with their points; neighbours with the same points are one.
    private func answers(of question: ScoreCard.Question) -> [(words: String, points: Int)] {
        let described = model.sheet?.questions.first { $0.name == question.name }
        switch question.asked {
        case .bands(_, let cuts):
            let unit = described.map { text($0.unit) } ?? ""
            var bands: [(from: Double?, to: Double?, points: Int)] = []
            for (index, points) in question.points.enumerated() {
                let to = index < cuts.count ? cuts[index] : nil
                if let last = bands.last, last.points == points {
                    bands[bands.count - 1].to = to
                } else {
                    bands.append((index > 0 ? cuts[index - 1] : nil, to, points))
                }
            }
            return bands.map { (words($0.from, $0.to, unit), $0.points) }
        case .choice(let features):
            let names: [String]
            if let described, described.answers.count == question.points.count {
                names = described.answers.map(text)
            } else if features.count == 1, model.features[features[0]].kind == .yesNo {
                names = [say(.no), say(.yes)]
            } else {
                names = ["–"] + features.map { model.features[$0].category ?? model.features[$0].column }
            }
            return zip(names, question.points).map { ($0, $1) }
        case .region(let codes):
            let names = codes.map { code in
                let largest = code.prefix { $0 != "/" }
                return model.sheet?.regions[code]
                    ?? model.sheet?.regions[String(largest)].map { "\($0), \(code)" } ?? code
            }
            return zip(names + [say(.otherRegion)], question.points).map { ($0, $1) }
        }
    }

    private func words(_ from: Double?, _ to: Double?, _ unit: String) -> String {
        func plain(_ value: Double) -> String {
            value == value.rounded()
                ? count(Int(value))
                : value.formatted(.number.locale(Locale(identifier: language == .id ? "id_ID" : "en_GB")))
        }
        let range =
            switch (from, to) {
            case (nil, let to?): "\(say(.below)) \(plain(to))"
            case (let from?, nil): "\(plain(from)) +"
            case (let from?, let to?):
                to - from == 1 && from == from.rounded() ? plain(from) : "\(plain(from)) – < \(plain(to))"
            case (nil, nil): "–"
            }
        return unit.isEmpty ? range : "\(range) \(unit)"
    }
}

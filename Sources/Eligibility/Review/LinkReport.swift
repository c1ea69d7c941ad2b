import Foundation
import Registry

/// How well links fit a truth, as one page that needs nothing else.
public struct LinkReport: Sendable {
    private let evaluation: LinkEvaluation

    /// The page of an evaluation.
    public init(_ evaluation: LinkEvaluation) { self.evaluation = evaluation }

    /// The page.
    public var page: Data {
        let title = "Links of run \(evaluation.run) against the truth"
        let html = Markup.tag(
            "html", ["lang": "en"],
            [
                .tag(
                    "head",
                    [
                        .meta(["charset": "utf-8"]),
                        .meta(["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                        .tag("title", Markup(title)), .style(ScoreReport.sheet),
                    ]),
                .tag("body", .tag("main", [.tag("h1", Markup(title)), glance, curve, sources, grounds, faults])),
            ])
        return Data(("<!doctype html>\n" + html.html + "\n").utf8)
    }

    private var glance: Markup {
        let all = evaluation.all
        return .tag(
            "section",
            [
                .tag("h2", "At a glance"),
                .table(
                    caption:
                        "A pair is a row and whom it is linked to; a cluster is a family with all rows about it and its members",
                    head: ["", "precision", "recall", "F1"],
                    rows: [
                        ["by pair", percent(all.precision), percent(all.recall), percent(all.f1)],
                        [
                            "by cluster", percent(evaluation.clusterPrecision), percent(evaluation.clusterRecall),
                            percent(evaluation.clusterF1),
                        ],
                    ]),
                .tag(
                    "p",
                    Markup(
                        """
                        Of the \(evaluation.secondEntries.there) second entries in the register, of persons with two NIKs, \
                        \(evaluation.secondEntries.right) are in review, with \
                        \(evaluation.secondEntries.shown - evaluation.secondEntries.right) entries that are not. \
                        Precision: of the linked rows the share that is linked with the person – or, where a source speaks of \
                        families, the family – that they truly speak of. Recall: of the rows of persons whom the register lists \
                        the share that is linked with them. A row in review is not linked.
                        """)),
            ])
    }

    private var curve: Markup {
        let frame = Frame(width: 330)
        let points = evaluation.curve
        let least = max(0, (points.map(\.precision).min() ?? 0) - 0.02)
        func y(_ precision: Double) -> Double { (precision - least) / max(1e-9, 1 - least) }
        var parts: [Markup] = []
        for step in 0...4 {
            let part = Double(step) / 4
            parts.append(frame.line(0, part, 1, part, "grid"))
            parts.append(frame.label(percent(least + (1 - least) * part), 0, part, anchor: "end", down: 4).shifted)
            parts.append(frame.label(percent(part), part, 0, anchor: "middle", down: 18))
        }
        for (one, other) in zip(points, points.dropFirst()) {
            parts.append(frame.line(one.recall, y(one.precision), other.recall, y(other.precision), "whisker"))
        }
        for point in points { parts.append(frame.mark(0, point.recall, y(point.precision))) }
        parts.append(frame.label("recall", 0.5, 0, anchor: "middle", down: 37))
        return .tag(
            "section",
            [
                .tag("h2", "What other thresholds would give"),
                .tag("p", "Of the rows that no number links. Upwards: precision; to the right: recall."),
                frame.svg("Precision against recall by threshold", parts),
                .table(
                    caption: "The same as a table", head: ["least probability", "precision", "recall"],
                    rows: points.map { ["\($0.threshold)", percent($0.precision), percent($0.recall)] }),
            ])
    }

    private var sources: Markup {
        section("By source", evaluation.sources.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private var grounds: Markup {
        section(
            "By ground",
            evaluation.grounds.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, $0.value) })
    }

    private var faults: Markup {
        section(
            "By what is wrong with the row", evaluation.faults.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private func section(_ title: String, _ counts: [(String, LinkEvaluation.Count)]) -> Markup {
        .tag(
            "section",
            [
                .tag("h2", Markup(title)),
                .table(
                    caption: "Rows",
                    head: [
                        "", "right", "same family", "wrong", "in review", "missed", "not listed", "precision", "recall",
                    ],
                    rows: counts.map { name, count in
                        [
                            name, "\(count.right)", "\(count.sameFamily)", "\(count.wrong)", "\(count.inReview)",
                            "\(count.missed)", "\(count.unlisted)", percent(count.precision), percent(count.recall),
                        ]
                    }),
            ])
    }

    private func percent(_ share: Double) -> String {
        String(format: "%.1f %%", locale: Locale(identifier: "en_US_POSIX"), share * 100)
    }
}

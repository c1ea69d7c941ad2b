import Foundation
import Registry

/// A model's report: one page of HTML that needs nothing else, without script.
public struct ScoreReport: Sendable {
    /// The language of the page.
    public enum Language: String, Sendable, CaseIterable {
        /// Indonesian.
        case id
        /// English.
        case en
    }

    private let judged: ScoreJudgement
    let language: Language
    var model: PovertyModel { judged.model }

    /// Judges a model on a survey: by cross-validation where it is the training's, else on its communities as they are.
    /// - Throws: ``ScoreError`` where the survey lacks what the model needs.
    public init(
        _ model: PovertyModel, on table: SurveyTable, language: Language = .id,
        progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) throws(ScoreError) {
        judged = try ScoreJudgement(model, on: table, progress: progress)
        self.language = language
    }

    /// The errors that the page shows.
    public var figures: [PovertyModel.Figure] { judged.figures }

    /// The page.
    public var page: Data {
        let title = say(model.kind == .scorecard ? .cardTitle : .title)
        let body = Markup.tag(
            "main",
            [
                header(title), glance, errors, calibration, fairness, band, card ?? "", coefficients, limits,
            ])
        let html = Markup.tag(
            "html", ["lang": language.rawValue],
            [
                .tag(
                    "head",
                    [
                        .meta(["charset": "utf-8"]),
                        .meta(["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                        .tag("title", Markup(title)), .style(Self.sheet),
                    ]),
                .tag("body", body),
            ])
        return Data(("<!doctype html>\n" + html.html + "\n").utf8)
    }

    // MARK: Parts

    private func header(_ title: String) -> Markup {
        let training = model.training
        var facts: [(String, String)] = []
        if let sheet = model.sheet {
            facts.append((say(.survey), text(sheet.title)))
            facts.append((say(.source), text(sheet.source)))
        }
        facts.append(
            (
                say(.trainedOn),
                "\(count(training.rows)) \(say(.families).lowercased()), \(count(training.communities)) "
                    + (language == .id ? "komunitas" : "communities")
            ))
        facts.append((say(.digest), training.digest))
        return .tag(
            "header",
            [
                .tag("h1", Markup(title)),
                .tag("dl", facts.flatMap { [.tag("dt", Markup($0.0)), .tag("dd", Markup($0.1))] }),
                .tag(
                    "p",
                    Markup(
                        say(judged.isTraining ? .judgedTraining : .judgedOther)
                            + (model.rankWeight == nil ? "" : " " + say(.joined)))),
            ])
    }

    private var glance: Markup {
        let tiles = judged.figures.filter { $0.quota == ScoreJudgement.quota }.map { figure in
            Markup.tag(
                "div", ["class": "tile"],
                [
                    .tag("p", Markup(scope(figure.scope))),
                    .tag("p", ["class": "big"], Markup(percent(figure.error.value))),
                    .tag(
                        "p",
                        Markup(
                            "\(say(.interval)) \(percent(figure.error.low))–\(percent(figure.error.high)) · "
                                + "\(say(.leastSquares).lowercased()) \(percent(figure.leastSquares.value))")),
                ])
        }
        return section(.atOnce, [.tag("div", ["class": "tiles"], tiles)])
    }

    private var errors: Markup {
        let legend = Markup.tag(
            "p", ["class": "legend"], Markup("● \(say(.model))   ■ \(say(.leastSquares))"))
        let plots = Targeting.Scope.allCases.map { scope in
            Markup.tag(
                "figure",
                [
                    ScorePlots.errors(
                        judged.figures.filter { $0.scope == scope }, title: "\(say(.figures)): \(self.scope(scope))",
                        xLabel: say(.quota), percent: { percent($0, digits: 0) }),
                    .tag("figcaption", Markup(self.scope(scope))),
                ])
        }
        let rows = judged.figures.map { figure in
            [
                "\(scope(figure.scope)), \(percent(figure.quota, digits: 0))", percent(figure.error.value),
                "\(percent(figure.error.low))–\(percent(figure.error.high))", percent(figure.leastSquares.value),
            ]
        }
        return section(
            .figures,
            [
                .tag("p", Markup(say(.definition))), .tag("p", Markup(say(.same))), legend,
                .tag("div", ["class": "plots"], plots),
                .table(
                    caption: "\(say(.figures)) (\(say(.exclusion)))",
                    head: [say(.quota), say(.model), say(.interval), say(.leastSquares)], rows: rows),
            ])
    }

    private var calibration: Markup {
        let rows = judged.tenths.enumerated().map { index, tenth in
            ["\(index + 1)", count(tenth.families), number(tenth.estimate), number(tenth.truth)]
        }
        return section(
            .calibration,
            [
                .tag("p", Markup(say(.calibrationText))),
                .tag(
                    "div", ["class": "plots"],
                    [
                        .tag(
                            "figure",
                            [
                                ScorePlots.calibration(
                                    judged.tenths, title: say(.calibration), xLabel: say(.estimate), number: number),
                                .tag("figcaption", Markup("\(say(.truth)) ↑  \(say(.estimate)) →")),
                            ]),
                        .table(
                            caption: say(.calibration),
                            head: [say(.tenth), say(.families), say(.estimate), say(.truth)], rows: rows),
                    ]),
            ])
    }

    private var fairness: Markup {
        let rows = judged.groups.map { group in
            [
                name(group.name), count(group.families), percent(group.poor), percent(group.chosen),
                group.exclusion.map { percent($0) } ?? "–", group.inclusion.map { percent($0) } ?? "–",
                signed(exp(group.bias) - 1),
            ]
        }
        return section(
            .fairness,
            [
                .tag("p", Markup(say(.fairnessText))),
                .table(
                    caption: say(.fairness),
                    head: [
                        say(.group), say(.families), say(.poor), say(.chosen), say(.missed), say(.wrong), say(.bias),
                    ], rows: rows),
            ])
    }

    private var band: Markup {
        let rows = zip(judged.verifications, judged.covered).map { verification, covered in
            let share = Double(verification.families) / Double(judged.truth.count)
            return [
                percent(verification.coverage, digits: 0), percent(covered),
                "\(count(verification.families)) (\(percent(share, digits: 0)))",
                percent(verification.before), percent(verification.after),
            ]
        }
        return section(
            .band,
            [
                .tag("p", Markup(say(.bandText))),
                .table(
                    caption: say(.band),
                    head: [say(.stated), say(.measured), say(.toVerify), say(.before), say(.after)], rows: rows),
            ])
    }

    private var coefficients: Markup {
        let rows = model.regression.coefficients.map { coefficient in
            [
                coefficient.name, decimal(coefficient.slope), decimal(coefficient.error),
                decimal(coefficient.errorWithoutClusters), signed(exp(coefficient.slope) - 1),
            ]
        }
        var parts: [Markup] = [
            .tag("p", Markup(say(.coefficientsText))),
            .tag("p", Markup("\(say(.explained)): \(percent(model.regression.explained)).")),
            .table(
                caption: say(.coefficients),
                head: [say(.column), say(.slope), say(.robust), say(.robustAlone), say(.percentMore)], rows: rows),
        ]
        if !model.regression.dropped.isEmpty {
            parts.append(
                .tag("p", Markup("\(say(.dropped)): \(model.regression.dropped.joined(separator: ", "))")))
        }
        return section(.coefficients, parts)
    }

    private var limits: Markup { section(.limits, [.tag("p", Markup(say(.limitsText)))]) }

    func section(_ heading: ScoreWord, _ parts: [Markup]) -> Markup {
        .tag("section", [.tag("h2", Markup(say(heading)))] + parts)
    }

    // MARK: Words and numbers

    func say(_ word: ScoreWord) -> String { word(language) }

    func text(_ texts: [String: String]) -> String { texts[language.rawValue] ?? texts["id"] ?? "" }

    private func scope(_ scope: Targeting.Scope) -> String { say(scope == .within ? .within : .overall) }

    private func name(_ name: ScoreJudgement.GroupName) -> String {
        switch name {
        case .region(let code): model.sheet?.regions[code] ?? "\(say(.region)) \(code)"
        case .maleHead(let isMale): say(isMale ? .maleHead : .femaleHead)
        case .size(let range):
            range.upperBound > 50
                ? "\(range.lowerBound) \(say(.andMore))" : "\(range.lowerBound)–\(range.upperBound) \(say(.people))"
        }
    }

    func percent(_ value: Double, digits: Int = 1) -> String { fixed(value * 100, digits) + " %" }

    private func signed(_ value: Double) -> String {
        (value < 0 ? "−" : "+") + fixed(abs(value) * 100, 1) + " %"
    }

    private func decimal(_ value: Double) -> String { (value < 0 ? "−" : "") + fixed(abs(value), 4) }

    func number(_ value: Double) -> String { fixed(value, value < 100 ? 1 : 0) }

    func count(_ value: Int) -> String { fixed(Double(value), 0) }

    /// A number with the digits and marks of the language.
    private func fixed(_ value: Double, _ digits: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(digits)).locale(Locale(identifier: language == .id ? "id_ID" : "en_GB")))
    }

    static let sheet: StaticString = """
        :root{--ink:#17262e;--soft:#4a5a62;--line:#d8d3c6;--paper:#f6f4ee;--card:#fff;--a:#0b5f70;--b:#a3480f}\
        *{box-sizing:border-box}\
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Noto Sans",sans-serif}\
        main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}\
        h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 1rem}h2{font-size:1.3rem;margin:0 0 .5rem}\
        section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.2rem;\
        margin:1.2rem 0;break-inside:avoid-page}p{max-width:46rem;margin:.4rem 0 .8rem}\
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0 0 1rem}dt{color:var(--soft)}\
        dd{margin:0;overflow-wrap:anywhere}.tiles{display:flex;flex-wrap:wrap;gap:1rem}\
        .tile{flex:1 1 15rem;border-left:5px solid var(--a);padding:.2rem 1rem}.tile p{margin:0}\
        .big{font-size:2.4rem;font-weight:700;line-height:1.2}.plots{display:flex;flex-wrap:wrap;gap:1rem}\
        .plots>*{flex:1 1 20rem}figure{margin:0}svg{width:100%;max-width:26rem;height:auto;display:block}\
        svg text{font-size:12px;fill:var(--soft)}figcaption,.legend{color:var(--soft)}.legend{white-space:pre-wrap}\
        .grid{stroke:var(--line)}.even{stroke:var(--soft);stroke-dasharray:5 4}\
        .whisker{stroke:var(--a);stroke-width:2}.s0{fill:var(--a)}.s1{fill:var(--b)}.scroll{overflow-x:auto}\
        table{border-collapse:collapse;width:100%;font-size:.95rem}\
        caption{text-align:left;color:var(--soft);padding:.3rem 0}\
        th,td{text-align:left;padding:.28rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}\
        thead th{border-bottom:2px solid var(--ink)}tbody th{font-weight:600}\
        .n th+th,.n td{text-align:right;font-variant-numeric:tabular-nums}\
        .points td:last-child,.points th:last-child{text-align:right;font-weight:700}\
        @media print{body{background:#fff}section{border:0;padding:0}}
        """
}

extension Markup {
    /// Something about the document.
    static func meta(_ attributes: KeyValuePairs<String, String>) -> Markup { .void("meta", attributes) }
}

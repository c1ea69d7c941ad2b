/// The form by which rules are changed and tried: what was typed, and whether it can be used.
struct RulesForm: Sendable {
    /// What a condition's field is called: the rule's name behind this.
    static let prefix = "syarat."
    /// What the quota's field is called.
    static let quotaName = "kuota"

    /// The conditions as they were typed, by the rules' names.
    let conditions: [String: String]
    /// The quota as it was typed; nil before anything was.
    let typedQuota: String?

    /// As the rules hold.
    static let untouched = RulesForm(conditions: [:], typedQuota: nil)

    /// What was sent for these rules.
    init(fields: FormFields, rules: [RuleSheet.Rule]) {
        var conditions: [String: String] = [:]
        for rule in rules { conditions[rule.name] = fields[Self.prefix + rule.name] }
        self.init(conditions: conditions, typedQuota: fields[Self.quotaName] ?? "")
    }

    private init(conditions: [String: String], typedQuota: String?) {
        self.conditions = conditions
        self.typedQuota = typedQuota
    }

    /// The quota; nil where it is no whole number from 0 on.
    var quota: Int? {
        typedQuota.flatMap { Int($0.filter { !" .\u{A0}".contains($0) }) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}

extension PageContext {
    /// A programme's rules, to be changed and tried, and what that came to.
    ///
    /// - Parameter force: what was typed to put it in force; nil where nobody can on the pages.
    func rulesPage(_ sheet: RuleSheet, _ form: RulesForm, _ trial: RuleTrial?, _ force: ForceForm? = nil) -> HTML {
        let say = language
        let title = say(Words.Rules.title(sheet.title))
        var faults: [String: String] = [:]
        if case .faults(let list) = trial { for fault in list { faults[fault.rule] = fault.text } }
        let quotaIsWrong = form.typedQuota != nil && form.quota == nil
        return document(title: title, place: .figures) {
            Tag.div(.class("in part")) {
                Tag.p { Tag.a(.href(Place.figures.link)) { "← " + say(Words.figures) } }
                Tag.h1 { title }
                Tag.p(.class("lead")) { say(Words.Rules.lead) }
                Tag.nav(.class("picks"), .aria(.label, say(Words.Rules.programme))) {
                    Tag.span { say(Words.Rules.programme) }
                    sheet.programmes.map { programme in
                        Tag.a(
                            .href(Self.rulesLink(programme.code)),
                            programme.code == sheet.programme ? .aria(.current, "true") : nil
                        ) { programme.title }
                    }
                }
                force?.applied.map { text in Tag.p(.class("card"), .role(.status)) { text } }
                notice(trial, sheet, isWrong: !faults.isEmpty || quotaIsWrong)
                if case .result(let comparison) = trial {
                    result(comparison)
                    if let force, comparison.failures.isEmpty { self.force(sheet, form, force) }
                }
                Tag.form(.action(Self.rulesLink(sheet.programme)), .post, .novalidate, .autocompleteOff) {
                    Tag.h2 { say(Words.Rules.change) }
                    Tag.p(.class("soft")) { say(Words.Rules.version(sheet.version)) }
                    sheet.rules.map { rule in self.field(rule, form.conditions[rule.name], faults[rule.name]) }
                    Tag.div(.class("field")) {
                        Tag.label(.for(RulesForm.quotaName)) { say(Words.Rules.quota) }
                        if quotaIsWrong {
                            Tag.p(.class("wrong"), .id("kuota-salah")) { say(Words.Rules.quotaWrong) }
                        }
                        VoidTag.input(
                            .type(.text), .id(RulesForm.quotaName), .name(RulesForm.quotaName), .numericKeys,
                            .autocompleteOff, .value(form.typedQuota ?? String(sheet.quota)),
                            quotaIsWrong ? .class("bad") : nil, quotaIsWrong ? .aria(.invalid, "true") : nil,
                            quotaIsWrong ? .aria(.describedby, "kuota-salah") : nil)
                    }
                    Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Rules.submit) } }
                }
            }
        }
    }

    /// The page on a programme's rules.
    static func rulesLink(_ programme: String?) -> Link { Link(path: ["aturan"] + (programme.map { [$0] } ?? [])) }

    private func notice(_ trial: RuleTrial?, _ sheet: RuleSheet, isWrong: Bool) -> HTML {
        let percent: Int?
        switch trial {
        case .loading(let own): percent = own
        case nil: percent = sheet.loading
        default: percent = nil
        }
        if let percent { return Tag.p(.class("card"), .role(.status)) { language(Words.Rules.loading(percent)) } }
        return isWrong ? Tag.p(.class("card wrong"), .role(.status)) { language(Words.Rules.faults) } : HTML()
    }

    private func field(_ rule: RuleSheet.Rule, _ typed: String?, _ fault: String?) -> HTML {
        let say = language
        let id = "aturan-" + rule.name
        let kind = say(rule.isRequired ? Words.Rules.mustHold : Words.Rules.mustNotHold)
        let effect = say(rule.decides ? Words.Rules.decides : Words.Rules.verifies)
        return Tag.div(.class("field")) {
            Tag.label(.for(id)) { rule.words }
            Tag.p(.class("hint"), .id(id + "-petunjuk")) { "\(kind) · \(effect)" }
            fault.map { fault in Tag.p(.class("wrong"), .id(id + "-salah")) { fault } }
            VoidTag.input(
                .type(.text), .id(id), .name(RulesForm.prefix + rule.name), .spellcheckOff, .autocompleteOff,
                .maxlength(1000), .value(typed ?? rule.condition),
                .class(fault == nil ? "wide" : "wide bad"), fault == nil ? nil : .aria(.invalid, "true"),
                .aria(.describedby, "\(id)-petunjuk" + (fault == nil ? "" : " \(id)-salah")))
        }
    }

    // MARK: What it came to

    private func result(_ comparison: RuleTrial.Comparison) -> HTML {
        let say = language
        let total = comparison.total
        let isStill = total.gaining + total.losing + comparison.more + comparison.less == 0
        return Tag.section(.aria(.labelledby, "hasil")) {
            Tag.h2(.id("hasil"), .focusable) { say(Words.Rules.result) }
            if isStill {
                Tag.p { say(Words.Rules.nobodyMoves) }
            } else {
                Tag.p(.class("lead")) {
                    Tag.strong { say.count(total.gaining) }
                    " " + say(Words.Rules.gaining) + ", "
                    Tag.strong { say.count(total.losing) }
                    " " + say(Words.Rules.losing) + "; "
                    say.count(comparison.more) + " " + say(Words.Rules.more) + ", "
                    say.count(comparison.less) + " " + say(Words.Rules.less) + "."
                }
            }
            outcomes(comparison)
            comparison.errors.map { errors($0.now, $0.then) }
            if !isStill {
                reasons(Words.Rules.whyGain, comparison.gainReasons)
                reasons(Words.Rules.whyLose, comparison.lossReasons)
                movesMap(comparison)
                movesTable(
                    Words.Rules.byDistrict, Words.Rules.district, id: "kecamatan",
                    region.map.districts.outlines.sorted { ($0.name, $0.code) < ($1.name, $1.code) }
                        .compactMap { outline in comparison.districts[outline.code].map { (outline.name, $0) } })
                if !comparison.deciles.isEmpty {
                    movesTable(
                        Words.Rules.byDecile, Words.Rules.decile, id: "desil",
                        comparison.deciles.map {
                            ($0.decile == 0 ? say(Words.Rules.unknown) : String($0.decile), $0.moves)
                        })
                }
            }
            if !comparison.failures.isEmpty {
                Tag.h3 { say(Words.Rules.failures) }
                Tag.ul { comparison.failures.map { failure in Tag.li { failure } } }
            }
            Tag.details {
                Tag.summary { say(Words.Rules.file) }
                Tag.p(.class("soft")) { say(Words.Rules.fileHint) }
                Tag.div(.class("scroll"), .inTabOrder, .role(.region), .aria(.label, say(Words.Rules.file))) {
                    Tag.code(.class("file")) { comparison.text }
                }
            }
        }
    }

    private func outcomes(_ comparison: RuleTrial.Comparison) -> HTML {
        let say = language
        let rows: [(Phrase, String, String)] = [
            (Words.Work.funded, say.count(comparison.now.funded), say.count(comparison.then.funded)),
            (Words.Work.waitlisted, say.count(comparison.now.waitlisted), say.count(comparison.then.waitlisted)),
            (Words.Work.undetermined, say.count(comparison.now.undetermined), say.count(comparison.then.undetermined)),
            (Words.Work.ineligible, say.count(comparison.now.ineligible), say.count(comparison.then.ineligible)),
            (
                Words.Rules.cost, say.rupiah(comparison.amountNow), say.rupiah(comparison.amountThen)
            ),
        ]
        return Tag.div(.class("scroll"), .inTabOrder, .role(.region), .aria(.labelledby, "hasil")) {
            Tag.table(.class("data")) {
                Tag.thead {
                    Tag.tr {
                        [Words.Rules.outcome, Words.Rules.now, Words.Rules.then].map { name in
                            Tag.th(.scope(.col)) { say(name) }
                        }
                    }
                }
                Tag.tbody {
                    rows.map { name, now, then in
                        Tag.tr {
                            Tag.th(.scope(.row)) { say(name) }
                            Tag.td { now }
                            Tag.td { then }
                        }
                    }
                }
            }
        }
    }

    /// The two errors, each with what it is: they are easily taken for each other.
    private func errors(_ now: RuleTrial.Comparison.Errors, _ then: RuleTrial.Comparison.Errors) -> HTML {
        let say = language
        let rows: [(Phrase, Phrase, RuleTrial.Comparison.Share?, RuleTrial.Comparison.Share?)] = [
            (Words.Rules.inclusion, Words.Rules.inclusionMeans, now.inclusion, then.inclusion),
            (Words.Rules.exclusion, Words.Rules.exclusionMeans, now.exclusion, then.exclusion),
            (
                Words.Rules.exclusionBeforeQuota, Words.Rules.exclusionBeforeQuotaMeans, now.exclusionBeforeQuota,
                then.exclusionBeforeQuota
            ),
        ]
        func percent(_ share: Double) -> String { say.percent(Int((share * 10_000).rounded()), of: 10_000) }
        func cell(_ share: RuleTrial.Comparison.Share?) -> HTML {
            Tag.td {
                if let share {
                    percent(share.share)
                    Tag.p(.class("soft")) { say(Words.Rules.range(percent(share.lower), percent(share.upper))) }
                } else {
                    "–"
                }
            }
        }
        return HTML([
            Tag.h3(.id("galat")) { say(Words.Rules.errors) },
            Tag.div(.class("scroll"), .inTabOrder, .role(.region), .aria(.labelledby, "galat")) {
                Tag.table(.class("data")) {
                    Tag.thead {
                        Tag.tr {
                            [Words.Rules.error, Words.Rules.now, Words.Rules.then].map { name in
                                Tag.th(.scope(.col)) { say(name) }
                            }
                        }
                    }
                    Tag.tbody {
                        rows.map { name, means, now, then in
                            Tag.tr {
                                Tag.th(.scope(.row)) {
                                    say(name)
                                    Tag.p(.class("soft")) { say(means) }
                                }
                                cell(now)
                                cell(then)
                            }
                        }
                    }
                }
            },
        ])
    }

    private func reasons(_ title: Phrase, _ reasons: [(words: String, families: Int)]) -> HTML {
        guard !reasons.isEmpty else { return HTML() }
        return HTML([
            Tag.h3 { language(title) },
            Tag.ul {
                reasons.map { reason in
                    Tag.li { language.count(reason.families) + " · " + reason.words }
                }
            },
        ])
    }

    /// Where families gain or lose, as a share of a district's families; the table below it says the same.
    private func movesMap(_ comparison: RuleTrial.Comparison) -> HTML {
        let sheet = region.map.districts
        let margin = max(sheet.box.width, sheet.box.height) / 50
        func share(_ moves: RuleTrial.Comparison.Moves) -> Int {
            moves.families == 0 ? 0 : (moves.gaining + moves.losing) * 1000 / moves.families
        }
        let scale = ColourScale(comparison.districts.values.map(share), step: { _ in 1 })
        let letters = max(sheet.box.width * 13 / 800, sheet.box.height * 12 / 736, 1)
        return Tag.figure(.class("side")) {
            Tag.svg(
                .class("map"), .role(.group), .aria(.label, language(Words.Rules.mapLegend)),
                .viewBox(
                    sheet.box.minX - margin, sheet.box.minY - margin, sheet.box.width + 2 * margin,
                    sheet.box.height + 2 * margin)
            ) {
                sheet.outlines.map { outline in
                    let moves = comparison.districts[outline.code]
                    let text =
                        moves.map {
                            "\(outline.name): +\(language.count($0.gaining)) −\(language.count($0.losing))"
                        } ?? outline.name
                    return Tag.a(.href(.fragment("kecamatan"))) {
                        Tag.title { text }
                        Tag.path(.class(moves.map { "m\(scale.colour(share($0)))" } ?? "mn"), .d(outline.path))
                    }
                }
                Tag.g(.aria(.hidden, "true"), .fontSize(letters)) {
                    MapLabel.placed(sheet.outlines, letters: letters).map { label in
                        Tag.text(.x(label.x), .y(label.y)) { label.text }
                    }
                }
            }
            Tag.figcaption {
                Tag.p { Tag.strong { language(Words.Rules.mapLegend) } }
                Tag.ul(.class("key"), .role(.list)) { ranges(scale) }
                Tag.p(.class("soft")) { language(Words.Work.outlines) + " " + region.map.credit }
            }
        }
    }

    private func ranges(_ scale: ColourScale) -> [HTML] {
        let limits = scale.limits.map { language.percent($0, of: 1000) }
        let names: [Phrase] =
            limits.indices.map { index in
                index == 0
                    ? Words.Work.below(limits[0]) : Words.Work.between(limits[index - 1], limits[index])
            } + (limits.last.map { [Words.Work.above($0)] } ?? [])
        return names.enumerated().map { number, name in
            Tag.li {
                Tag.span(.class("m\(scale.colour(ofClass: number))")) {}
                Tag.span { language(name) }
            }
        }
    }

    private func movesTable(
        _ title: Phrase, _ heading: Phrase, id: String, _ rows: [(String, RuleTrial.Comparison.Moves)]
    ) -> HTML {
        let say = language
        return HTML([
            Tag.h3(.id(id)) { say(title) },
            Tag.div(.class("scroll"), .inTabOrder, .role(.region), .aria(.labelledby, id)) {
                Tag.table(.class("data")) {
                    Tag.thead {
                        Tag.tr {
                            [heading, Words.Rules.families, Words.Rules.gain, Words.Rules.lose].map { name in
                                Tag.th(.scope(.col)) { say(name) }
                            }
                        }
                    }
                    Tag.tbody {
                        rows.map { name, moves in
                            Tag.tr {
                                Tag.th(.scope(.row)) { name }
                                [moves.families, moves.gaining, moves.losing].map { count in
                                    Tag.td { say.count(count) }
                                }
                            }
                        }
                    }
                }
            },
        ])
    }
}

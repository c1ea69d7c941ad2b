import Journal

/// What was typed to put a changed version in force.
struct ForceForm: Sendable {
    /// The fields.
    enum Field: String, CaseIterable {
        case version = "versi"
        case from = "mulai"
        case reason = "alasan"
    }

    /// What was typed.
    var typed: [Field: String] = [:]
    /// What is wrong, by field.
    var faults: [Field: String] = [:]
    /// Why it cannot be.
    var refusal: String?
    /// What was put in force.
    var applied: String?

    /// Nothing was typed yet.
    static let untouched = ForceForm()

    /// Reads what was sent.
    ///
    /// - Returns: the form with its faults, and the draft where there are none.
    static func read(
        _ fields: FormFields, _ form: RulesForm, _ language: Language
    ) -> (form: ForceForm, draft: RuleDraft?) {
        var own = ForceForm()
        for field in Field.allCases { own.typed[field] = fields[field.rawValue] ?? "" }
        let version = own.typed[.version] ?? ""
        let isName = version.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        if version.isEmpty || version.count > 40 || version.hasPrefix(".") || !isName {
            own.faults[.version] = language(Words.Rules.versionWrong)
        }
        let from = CalendarDate(own.typed[.from] ?? "")
        if from == nil { own.faults[.from] = language(Words.Rules.fromWrong) }
        let reason = own.typed[.reason] ?? ""
        if reason.allSatisfy(\.isWhitespace) { own.faults[.reason] = language(Words.Rules.reasonWrong) }
        guard own.faults.isEmpty, let from else { return (own, nil) }
        return (own, RuleDraft(conditions: form.conditions, version: version, from: from, reason: reason))
    }
}

extension PageContext {
    /// The form by which an officer puts what was tried in force.
    func force(_ sheet: RuleSheet, _ form: RulesForm, _ force: ForceForm) -> HTML {
        let say = language
        let texts: [(ForceForm.Field, Phrase, Phrase)] = [
            (.version, Words.Rules.newVersion, Words.Rules.newVersionHint(sheet.version)),
            (.from, Words.Rules.from, Words.Rules.fromHint),
            (.reason, Words.Rules.reason, Words.Rules.reasonHint),
        ]
        return Tag.section(.class("card"), .aria(.labelledby, "berlakukan")) {
            Tag.h2(.id("berlakukan")) { say(Words.Rules.force) }
            Tag.p { say(Words.Rules.forceLead) }
            force.refusal.map { text in Tag.p(.class("wrong"), .role(.alert)) { text } }
            Tag.form(
                .action(Self.forceLink(sheet.programme)), .post, .novalidate, .autocompleteOff
            ) {
                token
                sheet.rules.map { rule in
                    VoidTag.input(
                        .type(.hidden), .name(RulesForm.prefix + rule.name),
                        .value(form.conditions[rule.name] ?? rule.condition))
                }
                VoidTag.input(
                    .type(.hidden), .name(RulesForm.quotaName), .value(form.typedQuota ?? String(sheet.quota)))
                texts.map { field, label, hint in self.field(field, label, hint, force) }
                Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Rules.forceSubmit) } }
            }
        }
    }

    /// Where the form is sent.
    static func forceLink(_ programme: String) -> Link { Link(path: ["aturan", programme, "berlaku"]) }

    private func field(_ field: ForceForm.Field, _ label: Phrase, _ hint: Phrase, _ force: ForceForm) -> HTML {
        let fault = force.faults[field]
        let id = field.rawValue
        return Tag.div(.class("field")) {
            Tag.label(.for(id)) { language(label) }
            Tag.p(.class("hint"), .id(id + "-petunjuk")) { language(hint) }
            fault.map { fault in Tag.p(.class("wrong"), .id(id + "-salah")) { fault } }
            VoidTag.input(
                .type(.text), .id(id), .name(field.rawValue), .autocompleteOff,
                .spellcheckOff, .maxlength(200), .value(force.typed[field] ?? ""),
                fault == nil ? nil : .class("bad"), fault == nil ? nil : .aria(.invalid, "true"),
                .aria(.describedby, "\(id)-petunjuk" + (fault == nil ? "" : " \(id)-salah")))
        }
    }
}

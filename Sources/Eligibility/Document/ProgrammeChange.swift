import Registry

/// Something in which a version of a programme differs from the one before it.
public struct ProgrammeChange: Sendable {
    /// What is different.
    public let what: Wording
    /// What it was; nil where it was not there.
    public let before: String?
    /// What it is; nil where it is no longer there.
    public let after: String?

    /// Everything that decides in which two versions differ, in the order of the file.
    public static func all(from older: Programme, to newer: Programme) -> [ProgrammeChange] {
        let (before, after) = (Self.parts(of: older), Self.parts(of: newer))
        var changes: [ProgrammeChange] = []
        for part in after {
            let old = before.first { $0.key == part.key }?.text
            if old != part.text { changes.append(ProgrammeChange(what: part.what, before: old, after: part.text)) }
        }
        for part in before where !after.contains(where: { $0.key == part.key }) {
            changes.append(ProgrammeChange(what: part.what, before: part.text, after: nil))
        }
        return changes
    }

    private struct Part {
        let key: String
        let what: Wording
        let text: String

        init(_ key: String, _ id: String, _ en: String, _ text: String) {
            self.key = key
            what = Wording(id: id, en: en)
            self.text = text
        }
    }

    private static func parts(of programme: Programme) -> [Part] {
        var parts: [Part] = []
        for attribute in programme.attributes {
            let key = "\(attribute.scope.rawValue).\(attribute.name)"
            let origins = attribute.origins.map { "\($0.source).\($0.evidence)" }.joined(separator: ", ")
            parts.append(
                Part("attribute.\(key)", "atribut \(key)", "attribute \(key)", "\(attribute.typeName) ← \(origins)"))
        }
        for definition in programme.definitions {
            let key = "\(definition.scope.rawValue).\(definition.name)"
            parts.append(
                Part("definition.\(key)", "definisi \(key)", "definition \(key)", definition.source))
        }
        for rule in programme.rules {
            let text = (rule.kind == .requires ? "requires " : "excludes ") + rule.source
            parts.append(Part("rule.\(rule.name)", "aturan \(rule.name)", "rule \(rule.name)", text))
            parts.append(
                Part("hit.\(rule.name)", "akibat aturan \(rule.name)", "effect of rule \(rule.name)", rule.hit.rawValue)
            )
        }
        parts += benefit(of: programme)
        let order = programme.priorities.map { $0.source + ($0.isDescending ? " ↓" : " ↑") }
        parts.append(Part("priority", "urutan kuota", "order of the quota", order.joined(separator: ", ")))
        let notice = programme.notice
        parts.append(
            Part(
                "notice", "masa pemberitahuan", "period of notice",
                ([String(notice.days)] + notice.watch).joined(separator: ", ")))
        let atOnce = programme.rules.filter(\.isAtOnce).map(\.name)
        parts.append(Part("at_once", "berlaku seketika", "counts at once", atOnce.joined(separator: ", ")))
        return parts
    }

    private static func benefit(of programme: Programme) -> [Part] {
        var parts = [Part("every", "masa bantuan", "period", programme.period.rawValue)]
        switch programme.benefit {
        case .fixed(let amount, _): parts.append(Part("amount", "besar bantuan", "amount", "\(Rupiah(amount))"))
        case .components(let rule):
            for component in rule.components {
                let name = component.name
                parts.append(
                    Part("who.\(name)", "komponen \(name)", "component \(name)", component.source))
                parts.append(
                    Part(
                        "amount.\(name)", "besar komponen \(name)", "amount of component \(name)",
                        "\(Rupiah(component.amount))"))
                parts.append(
                    Part(
                        "most.\(name)", "batas komponen \(name)", "limit of component \(name)",
                        component.group.isEmpty ? "\(component.most)" : "\(component.most) (\(component.group))"))
            }
            for (group, most) in rule.groups.sorted(by: { $0.key < $1.key }) {
                parts.append(Part("group.\(group)", "batas kelompok \(group)", "limit of group \(group)", "\(most)"))
            }
            parts.append(Part("most", "batas keluarga", "limit of the family", "\(rule.most)"))
            parts.append(
                Part("order", "urutan komponen", "order of components", rule.order.rawValue))
        }
        return parts
    }
}

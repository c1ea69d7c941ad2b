import CEL
import Registry

/// Says an expression in plain words, where that can be done without saying more or less than it does.
///
/// Only what is listed here is translated: comparisons with constants, lists, and, or, not, members that exist or all, and
/// how many there are. Of anything else there are no words, rather than words that nearly fit.
struct PlainWords {
    let programme: Programme

    /// A condition in words, or nil.
    func condition(_ expression: Expression, asMember: Bool = false) -> Wording? {
        Translation(programme: programme, expression: expression).clause(expression.syntax, asMember: asMember)?.words
    }
}

/// A piece of a sentence.
private struct Clause {
    let words: Wording
    /// Whether it must stand in brackets beside others.
    var isJoined = false

    var enclosed: Wording { isJoined ? Wording(id: "(\(words("id")))", en: "(\(words("en")))") : words }
}

/// Something that is compared, and what people call its values.
private struct Subject {
    let name: Wording
    var attribute: Programme.Attribute?

    func words(for value: Value) -> Wording? {
        let constant: AttributeValue
        switch value {
        case .int(let number): constant = .integer(number)
        case .double(let number): constant = .double(number)
        case .bool(let holds): constant = .boolean(holds)
        case .string(let text): constant = .text(text)
        default: return nil
        }
        let words = attribute?.words(for: constant) ?? Wording(id: constant.description, en: constant.description)
        switch constant {
        case .integer where attribute?.values[constant.description] == nil, .double: return words
        default: return Wording(id: "“\(words("id"))”", en: "“\(words("en"))”")
        }
    }
}

extension Wording {
    init(id: String, en: String) { self.init(["id": id, "en": en]) }

    static func + (left: Wording, right: Wording) -> Wording {
        Wording(id: left("id") + right("id"), en: left("en") + right("en"))
    }
}

private struct Translation {
    let programme: Programme
    let expression: Expression

    func clause(_ node: SyntaxNode, asMember: Bool) -> Clause? {
        switch node.kind {
        case .literal(.bool(let holds)):
            return Clause(words: holds ? Wording(id: "selalu", en: "always") : Wording(id: "tidak pernah", en: "never"))
        case .call("_&&_", nil, let parts): return join(parts, Wording(id: " dan ", en: " and "), asMember)
        case .call("_||_", nil, let parts): return join(parts, Wording(id: " atau ", en: " or "), asMember)
        case .call("!_", nil, let parts):
            guard let inner = parts.first.flatMap({ clause($0, asMember: asMember) }) else { return nil }
            return Clause(
                words: Wording(
                    id: "tidak benar bahwa (\(inner.words("id")))", en: "it is not so that (\(inner.words("en")))"))
        case .call(let function, nil, let sides) where sides.count == 2:
            return comparison(function, sides[0], sides[1], asMember)
        case .macro(let call): return macro(call)
        case .identifier, .select:
            guard expression.type(of: node) == .bool else { return nil }
            if case .select(let operand, ProgrammeReader.hasComponent, _) = node.kind, isMember(operand) {
                return Clause(
                    words: Wording(id: "mempunyai komponen bantuan", en: "has a component of the benefit"))
            }
            guard let subject = subject(node, asMember: asMember) else { return nil }
            guard subject.attribute != nil else {
                return Clause(words: subject.name + Wording(id: " berlaku", en: " holds"))
            }
            return Clause(words: subject.name + Wording(id: ": ya", en: ": yes"))
        default: return nil
        }
    }

    private func join(_ parts: [SyntaxNode], _ word: Wording, _ asMember: Bool) -> Clause? {
        var words: Wording?
        for part in parts {
            guard let next = clause(part, asMember: asMember)?.enclosed else { return nil }
            words = words.map { $0 + word + next } ?? next
        }
        return words.map { Clause(words: $0, isJoined: parts.count > 1) }
    }

    private static let relations: [String: Wording] = [
        "_==_": Wording(id: " adalah ", en: " is "), "_!=_": Wording(id: " bukan ", en: " is not "),
        "_<_": Wording(id: " kurang dari ", en: " is less than "),
        "_<=_": Wording(id: " paling tinggi ", en: " is at most "),
        "_>_": Wording(id: " lebih dari ", en: " is more than "),
        "_>=_": Wording(id: " paling rendah ", en: " is at least "),
        "@in": Wording(id: " adalah salah satu dari: ", en: " is one of: "),
    ]

    /// The relation as it reads from the right.
    private static let turned = ["_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"]

    private func comparison(
        _ function: String, _ left: SyntaxNode, _ right: SyntaxNode, _ asMember: Bool
    ) -> Clause? {
        if function != "@in", case .literal = left.kind {
            return comparison(Self.turned[function] ?? function, right, left, asMember)
        }
        guard let relation = Self.relations[function], let subject = subject(left, asMember: asMember) else {
            return nil
        }
        switch right.kind {
        case .literal(let value):
            return subject.words(for: value).map { Clause(words: subject.name + relation + $0) }
        case .list(let elements):
            guard function == "@in" else { return nil }
            var words: [Wording] = []
            for element in elements {
                guard case .literal(let value) = element.value.kind, let next = subject.words(for: value) else {
                    return nil
                }
                words.append(next)
            }
            let list = Wording(
                id: words.map { $0("id") }.joined(separator: ", "), en: words.map { $0("en") }.joined(separator: ", "))
            return Clause(words: subject.name + relation + list, isJoined: true)
        default: return nil
        }
    }

    private func macro(_ call: MacroCall) -> Clause? {
        guard call.variables.count == 1, let target = call.target, isMembers(target), let predicate = call.predicate,
            let inner = clause(predicate, asMember: false)
        else { return nil }
        switch call.macro {
        case .exists:
            return Clause(
                words: Wording(id: "ada anggota keluarga yang: ", en: "there is a member of the family for whom: ")
                    + inner.words, isJoined: true)
        case .all:
            return Clause(
                words: Wording(id: "bagi setiap anggota keluarga: ", en: "for every member of the family: ")
                    + inner.words, isJoined: true)
        default: return nil
        }
    }

    private func subject(_ node: SyntaxNode, asMember: Bool) -> Subject? {
        switch node.kind {
        case .identifier(let name, _): return named(name, asMember ? .member : .family)
        case .select(let operand, let name, isOptional: false):
            return isMember(operand) ? named(name, .member) : nil
        case .call("size", let target, let arguments):
            guard let counted = target ?? arguments.first else { return nil }
            if isMembers(counted) {
                return Subject(
                    name: Wording(id: "jumlah anggota yang tinggal di sini", en: "the number of members who live here"))
            }
            guard case .macro(let call) = counted.kind, call.macro == .filter, call.variables.count == 1,
                call.target.map(isMembers) == true, let predicate = call.predicate,
                let inner = clause(predicate, asMember: false)
            else { return nil }
            return Subject(
                name: Wording(
                    id: "jumlah anggota keluarga yang (\(inner.words("id")))",
                    en: "the number of members for whom (\(inner.words("en")))"))
        default: return nil
        }
    }

    private func named(_ name: String, _ scope: Programme.Scope) -> Subject? {
        if let attribute = programme.attribute(name, scope) {
            return Subject(name: attribute.label, attribute: attribute)
        }
        guard programme.definitions.contains(where: { $0.name == name && $0.scope == scope }) else { return nil }
        return Subject(name: Wording(id: "“\(name)”", en: "“\(name)”"))
    }

    private func isMembers(_ node: SyntaxNode) -> Bool {
        if case .identifier("members", _) = node.kind { true } else { false }
    }

    private func isMember(_ node: SyntaxNode) -> Bool {
        if case .record = expression.type(of: node) { true } else { false }
    }
}

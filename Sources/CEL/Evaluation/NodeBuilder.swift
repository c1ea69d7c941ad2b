/// Makes nodes from checked syntax.
struct NodeBuilder {
    let checked: CheckedSyntax

    init(_ checked: CheckedSyntax) { self.checked = checked }

    func node(_ syntax: SyntaxNode) -> any Node {
        switch checked.resolutions[syntax.id] {
        case .variable(let slot): return VariableNode(slot)
        case .local(let slot): return LocalNode(slot)
        case .type(let name): return ConstantNode(.type(name))
        case .fault(let error): return FaultNode(error)
        case .function(let function): return call(function, syntax)
        case .field, .slots, nil: break
        }
        switch syntax.kind {
        case .literal(let value): return ConstantNode(value)
        case .identifier(let name, _): return FaultNode(EvaluationError(.undeclared, "undeclared name '\(name)'"))
        case .select(let operand, let field, let isOptional):
            if !isOptional, case .field(let index) = checked.resolutions[syntax.id],
                case .record = checked.types[operand.id]
            {
                if case .local(let slot) = checked.resolutions[operand.id] {
                    return LocalFieldNode(slot: slot, field: index, syntax.position)
                }
                return FieldNode(node(operand), index, syntax.position)
            }
            return select(operand, field, isOptional ? .optional : .value, syntax)
        case .call(let name, _, let arguments): return builtIn(name, arguments, syntax.position)
        case .list(let elements):
            let optionals = Set(elements.indices.filter { elements[$0].isOptional })
            return ListNode(elements.map { node($0.value) }, optionals: optionals, syntax.position)
        case .map(let entries):
            let optionals = Set(entries.indices.filter { entries[$0].isOptional })
            return MapNode(
                entries.map { node($0.key) }, entries.map { node($0.value) }, optionals: optionals, syntax.position)
        case .macro(let call): return macro(call, syntax)
        }
    }

    private func select(_ operand: SyntaxNode, _ field: String, _ mode: SelectNode.Mode, _ syntax: SyntaxNode)
        -> any Node
    {
        var index: Int?
        if case .field(let found) = checked.resolutions[syntax.id] { index = found }
        return SelectNode(node(operand), field, index: index, mode, syntax.position)
    }

    /// Operators that look at their operands themselves.
    private func builtIn(_ name: String, _ arguments: [SyntaxNode], _ position: SourcePosition) -> any Node {
        let nodes = arguments.map { node($0) }
        switch name {
        case "_&&_": return LogicNode(nodes, deciding: false, position)
        case "_||_": return LogicNode(nodes, deciding: true, position)
        case "!_": return NotNode(nodes[0], position)
        case "_?_:_": return ConditionalNode(nodes[0], nodes[1], nodes[2], position)
        case "_==_", "_!=_":
            if case .literal(let constant) = arguments[1].kind {
                return ConstantEqualityNode(nodes[0], constant, isNegated: name == "_!=_")
            }
            return EqualityNode(nodes[0], nodes[1], isNegated: name == "_!=_", position)
        case "_[_]": return IndexNode(nodes[0], nodes[1], isOptional: false, position)
        case "_[?_]": return IndexNode(nodes[0], nodes[1], isOptional: true, position)
        default: return FaultNode(EvaluationError(.undeclared, "no function '\(name)'").located(at: position))
        }
    }

    private func call(_ function: Function, _ syntax: SyntaxNode) -> any Node {
        guard case .call(_, let target, let arguments) = syntax.kind else { return ConstantNode(.null) }
        // The target of `math.abs` is part of the function's name.
        let isNamespaced = function.name.contains(".")
        let operands = (isNamespaced ? [] : target.map { [$0] } ?? []) + arguments
        let nodes = operands.map { node($0) }
        if let comparison = OrderOperator(rawValue: function.name) {
            if case .literal(.int(let constant)) = operands[1].kind {
                return IntOrderNode(nodes[0], constant, comparison, syntax.position)
            }
            return OrderNode(nodes[0], nodes[1], comparison, syntax.position)
        }
        if function.name == "matches", case .literal(.string(let pattern)) = operands[1].kind {
            return matches(nodes[0], pattern, function, syntax.position)
        }
        if function.name == "or" || function.name == "orValue" {
            return FirstPresentNode(nodes[0], nodes[1], unwraps: function.name == "orValue", syntax.position)
        }
        switch function.body {
        case .unary(let body): return UnaryNode(nodes[0], body, keepsParts: function.keepsParts, syntax.position)
        case .binary(let body):
            return BinaryNode(nodes[0], nodes[1], body, keepsParts: function.keepsParts, syntax.position)
        case .variadic(let body): return VariadicNode(nodes, body, keepsParts: function.keepsParts, syntax.position)
        }
    }

    /// A pattern that is a literal is read once.
    private func matches(_ text: any Node, _ pattern: String, _ function: Function, _ position: SourcePosition)
        -> any Node
    {
        let compiled = Result { () throws(EvaluationError) -> Pattern in try Pattern(pattern) }
        let match: Function.Unary = { (text: Value, meter: inout Meter) throws(EvaluationError) -> Value in
            guard case .string(let string) = text else { throw .noOverload("matches", text, .string(pattern)) }
            return .bool(try compiled.get().matches(string, &meter))
        }
        return UnaryNode(text, match, keepsParts: true, position)
    }

    private func macro(_ call: MacroCall, _ syntax: SyntaxNode) -> any Node {
        if call.macro == .has { return has(call) }
        guard case .slots(let slots) = checked.resolutions[syntax.id], let target = call.target else {
            return ConstantNode(.null)
        }
        let range = MacroRange(
            node: node(target), slots: slots, macro: call.macro.rawValue, position: syntax.position)
        let predicate = call.predicate.map { node($0) }
        let body = call.body.map { node($0) }
        switch (call.macro, predicate, body) {
        case (.all, let predicate?, _): return QuantifierNode(range, predicate, deciding: false)
        case (.exists, let predicate?, _): return QuantifierNode(range, predicate, deciding: true)
        case (.existsOne, let predicate?, _):
            let cannotFail = call.predicate.map { isTotal($0, slots) } ?? false
            return ExistsOneNode(range, predicate, cannotFail: cannotFail)
        case (.filter, _, _), (.map, _, _), (.transformList, _, _): return ListMacroNode(range, predicate, body)
        case (.transformMap, _, let body?): return MapMacroNode(range, predicate, body, givesEntry: false)
        case (.transformMapEntry, _, let body?): return MapMacroNode(range, predicate, body, givesEntry: true)
        case (.bind, _, let body?): return BindNode(range.node, slot: slots[0], body)
        case (.optMap, _, let body?):
            return OptionalMacroNode(range.node, slot: slots[0], body, isFlat: false, syntax.position)
        case (.optFlatMap, _, let body?):
            return OptionalMacroNode(range.node, slot: slots[0], body, isFlat: true, syntax.position)
        default: return ConstantNode(.null)
        }
    }

    private func has(_ call: MacroCall) -> any Node {
        guard let body = call.body, case .select(let operand, let field, _) = body.kind else {
            return ConstantNode(.null)
        }
        if case .variable = checked.resolutions[body.id] { return PresenceNode(node(body)) }
        return select(operand, field, .presence, body)
    }

    /// Whether a part has a value for whatever values, of their types, its inputs have; `slots` are those of variables that
    /// never hold an error.
    func isTotal(_ syntax: SyntaxNode, _ slots: [Int]) -> Bool {
        guard checked.isChecked else { return false }
        switch syntax.kind {
        case .literal: return true
        case .identifier:
            switch checked.resolutions[syntax.id] {
            case .variable, .type: return true
            case .local(let slot): return slots.contains(slot)
            default: return false
            }
        case .select(let operand, _, isOptional: false):
            guard case .field = checked.resolutions[syntax.id], case .record = checked.types[operand.id] else {
                return false
            }
            return isTotal(operand, slots)
        case .call(let name, _, let arguments):
            guard arguments.allSatisfy({ isTotal($0, slots) }) else { return false }
            let kinds = Set(arguments.map { checked.types[$0.id] })
            switch name {
            case "_&&_", "_||_", "!_": return kinds == [.bool]
            case "_==_", "_!=_": return kinds.allSatisfy(\.isScalar)
            case "_<_", "_<=_", "_>_", "_>=_":
                return kinds.count == 1 && kinds.isSubset(of: [.int, .uint, .double, .string, .timestamp, .duration])
            default: return false
            }
        default: return false
        }
    }
}

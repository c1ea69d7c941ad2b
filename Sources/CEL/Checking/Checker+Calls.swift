extension Checker {
    mutating func call(_ name: String, _ target: SyntaxNode?, _ arguments: [SyntaxNode], _ node: SyntaxNode) -> CELType
    {
        switch name {
        case "_&&_", "_||_", "!_":
            for argument in arguments { expect(argument, toBe: .bool) }
            return .bool
        case "_?_:_": return conditional(arguments, node)
        case "_==_", "_!=_": return equality(arguments, node)
        case "_[_]": return index(infer(arguments[0]), infer(arguments[1]), node)
        case "_[?_]": return optional(of: index(infer(arguments[0]), infer(arguments[1]), node))
        default: break
        }
        if let target, let qualified = namespacedFunction(name, target, arity: arguments.count) {
            return apply(qualified, isMember: false, arguments, node)
        }
        let isMember = target != nil
        let operands = (target.map { [$0] } ?? []) + arguments
        guard let function = function(name, arity: operands.count, isMember: isMember) else {
            for operand in operands { _ = infer(operand) }
            fault(node, missing(name, isMember: isMember, count: arguments.count))
            return .dyn
        }
        return apply(function, isMember: isMember, operands, node)
    }

    /// The function of that name; one that is no member may lie in the environment's container.
    private func function(_ name: String, arity: Int, isMember: Bool, isAbsolute: Bool = false) -> Function? {
        environment.firstMeaning(of: name, isAbsolute: isAbsolute || isMember) { name in
            environment.functions.function(name, arity: arity, isMember: isMember)
        }
    }

    /// `math.abs` and the like, unless the name before the dot means something else.
    private func namespacedFunction(_ name: String, _ target: SyntaxNode, arity: Int) -> Function? {
        guard let (prefix, isAbsolute) = target.qualifiedName else { return nil }
        let first = prefix.prefix { $0 != "." }
        if !isAbsolute, scopes.contains(where: { $0.name == first }) { return nil }
        return function("\(prefix).\(name)", arity: arity, isMember: false, isAbsolute: isAbsolute)
    }

    private func missing(_ name: String, isMember: Bool, count: Int) -> String {
        let known = environment.functions.functions(named: name)
        if known.isEmpty {
            let suggestion = suggestion(for: name, among: environment.functions.names).text(all: "")
            return "no function '\(name)'" + (suggestion.hasPrefix(":") ? suggestion : "")
        }
        let forms = known.flatMap { function in
            function.overloads.map { function.form(of: $0.parameters, isMember: $0.isMember) }
        }
        let found = isMember ? "value.\(name) with \(count) arguments" : "\(name) with \(count) arguments"
        return "expected \(Set(forms).sorted().prefix(4).joined(separator: " or ")), found \(found)"
    }

    private mutating func apply(_ function: Function, isMember: Bool, _ operands: [SyntaxNode], _ node: SyntaxNode)
        -> CELType
    {
        resolutions[node.id] = .function(function)
        let found = operands.map { infer($0) }
        if function.takesNumbers { return numbers(function, found, operands, node) }
        if function.name == "matches", operands.count == 2 { checkPattern(operands[1]) }
        var result: CELType?
        for overload in function.overloads where overload.isMember == isMember {
            let (parameters, type) = unifier.instantiate(overload)
            let fits: (inout TypeUnifier) -> Bool = { unifier in
                zip(found, parameters).allSatisfy { unifier.unify($0, $1) }
            }
            if let previous = result {
                // Several forms fit arguments that are dyn: the result is known only if all agree.
                if previous != type, unifier.probe(fits) { return .dyn }
            } else if unifier.attempt(fits) {
                result = type
            }
        }
        if let result { return result }
        let overloads = function.overloads.filter { $0.isMember == isMember }
        if let only = overloads.first, overloads.count == 1 {
            let wrong = operands.indices.first { index in
                unifier.probe { !$0.unify(found[index], $0.instantiate(only).parameters[index]) }
            }
            if let wrong {
                let expected = only.parameters[wrong]
                report(operands[wrong], "expected \(expected), found \(text(found[wrong]))")
                return only.result.hasParameters ? .dyn : only.result
            }
        }
        // Of many forms those are of use that begin as the call does.
        let near = overloads.filter { overload in
            unifier.probe { $0.unify(found[0], $0.instantiate(overload).parameters[0]) }
        }
        let forms = (near.isEmpty ? overloads : near).map { function.form(of: $0.parameters, isMember: isMember) }
        let given = function.form(of: found.map { unifier.resolved($0) }, isMember: isMember)
        report(node, "expected \(forms.prefix(4).joined(separator: " or ")), found \(given)")
        let results = Set(overloads.map(\.result))
        return results.count == 1 && results.first?.hasParameters == false ? results.first ?? .dyn : .dyn
    }

    /// A pattern that is a literal is read now, so that its faults are found before anything is evaluated.
    private mutating func checkPattern(_ node: SyntaxNode) {
        guard case .literal(.string(let source)) = node.kind else { return }
        do throws(EvaluationError) {
            _ = try Pattern(source)
        } catch {
            report(node, error.message)
        }
    }

    /// `math.greatest` and `math.least`: one type if all numbers have it.
    private mutating func numbers(
        _ function: Function, _ found: [CELType], _ operands: [SyntaxNode], _ node: SyntaxNode
    )
        -> CELType
    {
        var kinds: [CELType] = []
        for (type, operand) in zip(found, operands) {
            var kind = unifier.known(type)
            if operands.count == 1, case .list(let element) = kind { kind = unifier.known(element) }
            switch kind {
            case .int, .uint, .double, .dyn, .parameter: kinds.append(kind)
            case let other: report(operand, "expected a number, found \(text(other))")
            }
        }
        let distinct = Set(kinds)
        guard distinct.count == 1, let kind = distinct.first, kind.isScalar else { return .dyn }
        return kind
    }

    private mutating func conditional(_ arguments: [SyntaxNode], _ node: SyntaxNode) -> CELType {
        expect(arguments[0], toBe: .bool)
        let yes = infer(arguments[1])
        let no = infer(arguments[2])
        if !unifier.unify(yes, no) {
            report(node, "expected one type on both sides of ':', found \(text(yes)) and \(text(no))")
            return .dyn
        }
        return unifier.join([yes, no])
    }

    /// Values of different types are never equal, so comparing them is a mistake; null can be asked of anything.
    private mutating func equality(_ arguments: [SyntaxNode], _ node: SyntaxNode) -> CELType {
        let left = infer(arguments[0])
        let right = infer(arguments[1])
        if unifier.known(left) != .null, unifier.known(right) != .null, !unifier.unify(left, right) {
            report(arguments[1], "expected \(text(left)) to compare with, found \(text(right))")
        }
        return .bool
    }

    private mutating func index(_ operand: CELType, _ index: CELType, _ node: SyntaxNode) -> CELType {
        guard case .call(_, _, let arguments) = node.kind else { return .dyn }
        switch unifier.known(operand) {
        case .dyn, .parameter: return .dyn
        case .list(let element):
            if !unifier.unify(index, .int) { report(arguments[1], "expected int as index, found \(text(index))") }
            return element
        case .map(let key, let value):
            if !unifier.unify(index, key) { report(arguments[1], "expected \(text(key)) as key, found \(text(index))") }
            return value
        case .optional(let value): return optional(of: self.index(value, index, node))
        case let other:
            report(node, "expected a list or a map before '[', found \(text(other))")
            return .dyn
        }
    }
}

extension Checker {
    mutating func macro(_ call: MacroCall, _ node: SyntaxNode) -> CELType {
        switch call.macro {
        case .has: return has(call)
        case .bind:
            let type = call.target.map { infer($0) } ?? .dyn
            return scoped(call, [type], node) { checker in call.body.map { checker.infer($0) } ?? .dyn }
        case .optMap, .optFlatMap: return mapOptional(call, node)
        default: break
        }
        let range = call.target.map { infer($0) } ?? .dyn
        let elements = elementTypes(of: range, call, node)
        return scoped(call, call.variables.count == 2 ? [elements.key, elements.value] : [elements.single], node) {
            checker in
            if let predicate = call.predicate { checker.expect(predicate, toBe: .bool) }
            let body = call.body.map { checker.infer($0) } ?? .dyn
            return switch call.macro {
            case .all, .exists, .existsOne: .bool
            case .filter: .list(elements.single)
            case .transformMap: .map(elements.key, body)
            case .transformMapEntry: checker.entry(body, call)
            default: .list(body)
            }
        }
    }

    private mutating func has(_ call: MacroCall) -> CELType {
        guard let body = call.body, case .select(let operand, let field, _) = body.kind else { return .bool }
        types[body.id] = qualifiedVariable(body) ?? select(field, from: infer(operand), body)
        return .bool
    }

    private mutating func mapOptional(_ call: MacroCall, _ node: SyntaxNode) -> CELType {
        guard let target = call.target, let body = call.body else { return .dyn }
        let found = infer(target)
        let value = unifier.fresh()
        if !unifier.unify(found, .optional(value)) { report(target, "expected an optional, found \(text(found))") }
        let isKnown = unifier.known(found) != .dyn
        return scoped(call, [isKnown ? value : .dyn], node) { checker in
            let result = checker.infer(body)
            if call.macro == .optMap { return .optional(result) }
            let inner = checker.unifier.fresh()
            if !checker.unifier.unify(result, .optional(inner)) {
                checker.report(body, "expected an optional, found \(checker.text(result))")
            }
            return .optional(inner)
        }
    }

    /// The types of a range's keys and values, and of what a macro with one variable runs over.
    private mutating func elementTypes(of range: CELType, _ call: MacroCall, _ node: SyntaxNode)
        -> (key: CELType, value: CELType, single: CELType)
    {
        switch unifier.known(range) {
        case .list(let element): return (.int, element, element)
        case .map(let key, let value): return (key, value, key)
        case .dyn, .parameter: return (.dyn, .dyn, .dyn)
        case let other:
            report(call.target ?? node, "expected a list or a map for \(call.macro.rawValue), found \(text(other))")
            return (.dyn, .dyn, .dyn)
        }
    }

    private mutating func entry(_ body: CELType, _ call: MacroCall) -> CELType {
        let map = CELType.map(unifier.fresh(), unifier.fresh())
        if let node = call.body, !unifier.unify(body, map) {
            report(node, "expected a map of one entry, found \(text(body))")
        }
        return map
    }

    /// Runs a closure with the macro's variables in scope.
    private mutating func scoped(
        _ call: MacroCall, _ types: [CELType], _ node: SyntaxNode, _ body: (inout Checker) -> CELType
    ) -> CELType {
        let first = scopes.count
        scopes += zip(call.variables, types).map { ($0, $1) }
        localCount = max(localCount, scopes.count)
        resolutions[node.id] = .slots(Array(first..<scopes.count))
        let result = body(&self)
        scopes.removeLast(scopes.count - first)
        return result
    }
}

extension Function {
    /// A form as it is written: `string.contains(string)`, `int + int`.
    fileprivate func form(of parameters: [CELType], isMember: Bool) -> String {
        let types = parameters.map(\.description)
        if name.hasPrefix("_") || name == "@in", types.count == 2 {
            return "\(types[0]) \(name.operatorText.dropFirst().dropLast()) \(types[1])"
        }
        if name == "-_" { return "-\(types.first ?? "")" }
        guard isMember, let target = types.first else { return "\(name)(\(types.joined(separator: ", ")))" }
        return "\(target).\(name)(\(types.dropFirst().joined(separator: ", ")))"
    }
}

extension CELType {
    fileprivate var hasParameters: Bool {
        switch self {
        case .parameter: true
        case .list(let type), .optional(let type): type.hasParameters
        case .map(let key, let value): key.hasParameters || value.hasParameters
        default: false
        }
    }
}

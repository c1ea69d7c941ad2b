/// A function that expressions may call.
public struct Function: Sendable {
    /// One form of a function: the types it takes and gives.
    public struct Overload: Sendable, Hashable {
        /// Whether it is called as `first.function(rest)`, else as `function(first, rest)`.
        public let isMember: Bool
        /// The types of all arguments, the target of a member call first. `CELType.parameter` stands for any one type.
        public let parameters: [CELType]
        /// The type of the result.
        public let result: CELType

        /// An overload.
        public init(isMember: Bool = false, parameters: [CELType], result: CELType) {
            self.isMember = isMember
            self.parameters = parameters
            self.result = result
        }
    }

    typealias Unary = @Sendable (Value, inout Meter) throws(EvaluationError) -> Value
    typealias Binary = @Sendable (Value, Value, inout Meter) throws(EvaluationError) -> Value
    typealias Variadic = @Sendable ([Value], inout Meter) throws(EvaluationError) -> Value

    enum Body: Sendable {
        case unary(Unary)
        case binary(Binary)
        case variadic(Variadic)
    }

    /// The name; dots are allowed (`math.abs`).
    public let name: String
    /// Its forms, all with one number of arguments.
    public let overloads: [Overload]
    let body: Body
    /// Whether it takes any number of numbers, or a list of them.
    let takesNumbers: Bool
    /// Whether it may be called with lists and maps some of whose parts are unknown, because it does not look at them.
    let keepsParts: Bool

    /// A host's function with one form.
    ///
    /// - Parameter body: Called only with known values of the overload's types, as many as it has parameters.
    public init(
        _ name: String, _ overload: Overload, body: @escaping @Sendable ([Value]) throws(EvaluationError) -> Value
    ) {
        let checked: Variadic = { (values: [Value], _: inout Meter) throws(EvaluationError) -> Value in
            guard zip(values, overload.parameters).allSatisfy({ $0.fits($1) }) else {
                throw EvaluationError.noOverload(name, values)
            }
            return try body(values)
        }
        self.init(name, [overload], .variadic(checked))
    }

    init(
        _ name: String, _ overloads: [Overload], _ body: Body, takesNumbers: Bool = false, keepsParts: Bool = false
    ) {
        self.name = name
        self.overloads = overloads
        self.body = body
        self.takesNumbers = takesNumbers
        self.keepsParts = keepsParts
    }

    var arity: Int? { takesNumbers ? nil : overloads.first?.parameters.count }
}

/// Functions by name and number of arguments.
struct FunctionTable: Sendable {
    private var functions: [String: [Function]] = [:]

    init(_ functions: [Function]) { self = FunctionTable().adding(functions) }

    private init() {}

    /// Everything cel-spec and its extensions define here.
    static let standard = FunctionTable(
        Function.operators + Function.conversions + Function.times + Function.strings + Function.mathematics
            + Function.lists + Function.sets + Function.optionals + Function.network)

    /// Later functions replace earlier ones of the same name and number of arguments.
    func adding(_ added: [Function]) -> FunctionTable {
        var result = self
        for function in added {
            result.functions[function.name, default: []].removeAll { $0.arity == function.arity }
            result.functions[function.name, default: []].append(function)
        }
        return result
    }

    func function(_ name: String, arity: Int, isMember: Bool) -> Function? {
        functions[name]?.first { function in
            (function.arity == nil ? arity > 0 : function.arity == arity)
                && (function.takesNumbers ? !isMember : function.overloads.contains { $0.isMember == isMember })
        }
    }

    func functions(named name: String) -> [Function] { functions[name] ?? [] }

    /// The names that people write.
    var names: [String] { functions.keys.filter { $0.first?.isLetter == true } }
}

extension Value {
    /// Whether the value is of a type; parameters and `dyn` take all.
    fileprivate func fits(_ type: CELType) -> Bool {
        switch (self, type) {
        case (_, .dyn), (_, .parameter), (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint),
            (.double, .double),
            (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp), (.duration, .duration), (.type, .type),
            (.optional, .optional), (.record, .record), (.list, .list), (.map, .map):
            true
        default: false
        }
    }

    /// The value as a message shows it, cut short.
    var shortText: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .uint(let value): "\(value)u"
        case .double(let value): value.celText
        case .string(let value):
            value.utf8.count > 40
                ? "'\(String(String.UnicodeScalarView(value.unicodeScalars.prefix(40))))…'" : "'\(value)'"
        default: "a \(typeName.name)"
        }
    }
}

extension EvaluationError {
    /// No form of the function takes these values.
    static func noOverload(_ function: String, _ values: [Value]) -> EvaluationError {
        let types = values.map(\.typeName.name).joined(separator: ", ")
        return EvaluationError(.noSuchOverload, "\(function.operatorText) does not take (\(types))")
    }

    static func noOverload(_ function: String, _ values: Value...) -> EvaluationError { noOverload(function, values) }
}

extension String {
    /// A function's name as people write it: `+` for `_+_`.
    var operatorText: String {
        switch self {
        case "_?_:_": "'?:'"
        case "_[_]", "_[?_]": "'[]'"
        case "@in": "'in'"
        case "@sortByKeys": "sortBy"
        case "-_": "'-'"
        case "!_": "'!'"
        default: hasPrefix("_") && hasSuffix("_") ? "'\(dropFirst().dropLast())'" : self
        }
    }
}

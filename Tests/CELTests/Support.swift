import CEL

/// A record whose fields are values in an array.
final class TestRecord: Record {
    let type: RecordType?
    let values: [Value]

    init(_ values: [Value], type: RecordType? = nil) {
        self.values = values
        self.type = type
    }

    func value(field: Int) -> Value { values[field] }
    var recordType: RecordType? { type }
}

let memberType = RecordType(
    name: "member",
    fields: [.init(name: "age", type: .int), .init(name: "name", type: .string), .init(name: "works", type: .bool)])

/// The outcome of an expression over named values, whose types they declare.
func evaluate(
    _ source: String, _ values: [String: Value] = [:], types: [String: CELType] = [:], checking: Bool = true,
    limits: Limits = Limits()
) throws -> Outcome {
    let variables = Set(values.keys).union(types.keys).sorted().map { name in
        Variable(name: name, type: types[name] ?? values[name].map { CELType(of: $0) } ?? .dyn)
    }
    let environment = Environment(variables: variables, checking: checking, limits: limits)
    return try environment.compile(source).evaluate(environment.bindings(values))
}

/// The issues of a source text that must not compile.
func issues(_ source: String, _ variables: [Variable] = []) -> [String] {
    do throws(CompilationError) {
        _ = try Environment(variables: variables).compile(source)
        return []
    } catch {
        return error.issues.map { "\($0.line):\($0.column): \($0.message)" }
    }
}

/// Random numbers that a seed determines (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

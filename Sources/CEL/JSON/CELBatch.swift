/// Answers expressions that come as lines of JSON, for the command line and for cel-spec's tests.
public enum CELBatch {
    /// Evaluates one line.
    ///
    /// The line is an object of `expr`, `bindings` (typed values by name, optional) and `check` (whether types are checked,
    /// true unless it says otherwise; variables then have the types of their values), and `container` (the namespace in
    /// which names are looked up).
    ///
    /// - Returns: `{"value":…}`, `{"error":"…"}` or `{"unknown":["name",…]}` on one line.
    public static func answer(line: String) -> String {
        do throws(JSONFault) {
            return answer(try JSONReader.read(line)).text
        } catch {
            return failure(error.message).text
        }
    }

    private static func failure(_ message: String) -> JSON { .object("error", .string(message)) }

    private static func answer(_ request: JSON) -> JSON {
        guard case .string(let source) = request["expr"] else {
            return failure("the line has no \"expr\" with an expression")
        }
        var isChecking = true
        if case .bool(let value) = request["check"] { isChecking = value }
        var container = ""
        if case .string(let name) = request["container"] { container = name }
        var variables: [Variable] = []
        var values: [Value] = []
        if case .object(let members) = request["bindings"] {
            for member in members {
                do throws(JSONFault) {
                    let value = try TypedJSON.value(member.value)
                    variables.append(Variable(name: member.name, type: CELType(of: value)))
                    values.append(value)
                } catch {
                    return failure("binding '\(member.name)': \(error.message)")
                }
            }
        }
        do throws(CompilationError) {
            let environment = Environment(variables: variables, checking: isChecking, container: container)
            let expression = try environment.compile(source)
            switch expression.evaluate(Bindings(values)) {
            case .value(let value): return .object("value", TypedJSON.json(value))
            case .error(let error): return failure(error.description(in: source))
            case .unknown(let unknown): return .object("unknown", .array(unknown.names.sorted().map(JSON.string)))
            }
        } catch {
            return failure(error.description)
        }
    }
}

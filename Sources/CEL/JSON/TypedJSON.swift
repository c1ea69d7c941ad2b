/// Values as JSON that keeps their types: `{"int":"1"}`, `{"uint":"1"}`, `{"double":1.5}` (also `"NaN"`, `"Infinity"`,
/// `"-Infinity"`), `{"string":"…"}`, `{"bytes":"base64"}`, `{"bool":true}`, `{"null":true}`, `{"list":[…]}`,
/// `{"map":[[key,value],…]}`, `{"timestamp":"2025-01-31T00:00:00Z"}`, `{"duration":"90s"}`, `{"type":"int"}`,
/// `{"optional":value or null}`, `{"unknown":["name"]}`.
public enum TypedJSON {
    /// Why a text is no value.
    public struct DecodingError: Error, Sendable, Equatable, CustomStringConvertible {
        /// What was expected and what was found.
        public let description: String
    }

    /// Reads a value.
    ///
    /// - Throws: What is wrong with the text.
    public static func decode(_ text: String) throws(DecodingError) -> Value {
        do throws(JSONFault) {
            return try value(try JSONReader.read(text))
        } catch {
            throw DecodingError(description: error.message)
        }
    }

    /// Writes a value on one line; a record becomes `{"record":"its type"}`.
    public static func encode(_ value: Value) -> String { json(value).text }

    static func json(_ value: Value) -> JSON {
        switch value {
        case .null: .object("null", .bool(true))
        case .bool(let value): .object("bool", .bool(value))
        case .int(let value): .object("int", .string(String(value)))
        case .uint(let value): .object("uint", .string(String(value)))
        case .double(let value):
            .object("double", value.isFinite ? .number(value.description) : .string(value.celText))
        case .string(let value): .object("string", .string(value))
        case .bytes(let value): .object("bytes", .string(value.base64))
        case .list(let elements): .object("list", .array(elements.map(json)))
        case .map(let map):
            .object("map", .array(zip(map.keys, map.values).map { .array([json($0), json($1)]) }))
        case .timestamp(let value): .object("timestamp", .string(value.description))
        case .duration(let value): .object("duration", .string(value.celText))
        case .type(let value): .object("type", .string(value.name))
        case .optional(let value): .object("optional", value.value.map(json) ?? .null)
        case .record(let record): .object("record", .string(record.recordType?.name ?? "record"))
        case .unknown(let unknown): .object("unknown", .array(unknown.names.sorted().map(JSON.string)))
        }
    }

    static func value(_ json: JSON) throws(JSONFault) -> Value {
        guard case .object(let members) = json, members.count == 1, let member = members.first else {
            throw JSONFault(message: "expected a typed value such as {\"int\":\"1\"}, found \(json.text.prefix(80))")
        }
        let name = member.name
        switch (name, member.value) {
        case ("null", _): return .null
        case ("bool", .bool(let value)): return .bool(value)
        case ("int", .string(let text)), ("int", .number(let text)):
            return .int(try read(text, name, Int64(text)))
        case ("uint", .string(let text)), ("uint", .number(let text)):
            return .uint(try read(text, name, UInt64(text)))
        case ("double", .string(let text)), ("double", .number(let text)):
            return .double(try read(text, name, Double(celText: text)))
        case ("string", .string(let text)): return .string(text)
        case ("bytes", .string(let text)): return .bytes(try read(text, name, [UInt8](base64: text)))
        case ("timestamp", .string(let text)): return .timestamp(try read(text, name, Timestamp(text)))
        case ("duration", .string(let text)): return .duration(try read(text, name, Duration(celText: text)))
        case ("type", .string(let text)): return .type(TypeName(text))
        case ("optional", .null): return .optional(.none)
        case ("optional", let content): return .optional(OptionalValue(try value(content)))
        case ("list", .array(let elements)): return .list(try values(elements))
        case ("map", .array(let pairs)): return .map(try map(pairs))
        case ("unknown", .array(let names)):
            return .unknown(
                Unknown(
                    Set(
                        names.compactMap { name in
                            if case .string(let text) = name { text } else { nil }
                        })))
        case (_, let content): throw JSONFault(message: "'\(name)' with \(content.text.prefix(80)) is no typed value")
        }
    }

    private static func read<T>(_ text: String, _ type: String, _ value: T?) throws(JSONFault) -> T {
        guard let value else { throw JSONFault(message: "'\(text.prefix(80))' is no \(type)") }
        return value
    }

    private static func values(_ elements: [JSON]) throws(JSONFault) -> [Value] {
        var result: [Value] = []
        for element in elements { result.append(try value(element)) }
        return result
    }

    private static func map(_ pairs: [JSON]) throws(JSONFault) -> MapValue {
        var entries: [(key: Value, value: Value)] = []
        for pair in pairs {
            guard case .array(let parts) = pair, parts.count == 2 else {
                throw JSONFault(message: "expected [key, value], found \(pair.text.prefix(80))")
            }
            entries.append((try value(parts[0]), try value(parts[1])))
        }
        do throws(EvaluationError) {
            return try MapValue(entries)
        } catch {
            throw JSONFault(message: error.message)
        }
    }
}

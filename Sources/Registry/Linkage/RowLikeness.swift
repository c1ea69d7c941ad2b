import RecordLinkage

/// What a row says of the person it speaks of, as linkage compares it: the texts one after the other, the name last.
struct RowLikeness: Sendable {
    private let bytes: [UInt8]
    private let ends: (UInt16, UInt16, UInt16, UInt16, UInt16)

    init(
        nik: UnsafeRawBufferPointer?, birthDate: UnsafeRawBufferPointer?, sex: UnsafeRawBufferPointer?,
        village: UnsafeRawBufferPointer?, mother: UnsafeRawBufferPointer?, name: UnsafeRawBufferPointer?
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            (nik?.count ?? 0) + (birthDate?.count ?? 0) + (sex?.count ?? 0) + (village?.count ?? 0)
                + (mother?.count ?? 0) + (name?.count ?? 0)
        )
        func append(_ text: UnsafeRawBufferPointer?) -> UInt16 {
            // Longer than any number, date or code.
            if let text, bytes.count < 1000 { bytes.append(contentsOf: text.prefix(64)) }
            return UInt16(bytes.count)
        }
        ends = (append(nik), append(birthDate), append(sex), append(village), append(mother))
        if let name { bytes.append(contentsOf: name) }
        self.bytes = bytes
    }

    /// Whether there is a name, without which nothing is compared.
    var hasName: Bool { Int(ends.4) < bytes.count }

    /// The fields by which persons of the register and rows about them are compared.
    static let fields: [LinkageSettings.Field] = [
        .init(name: "nik", kind: .identifier), .init(name: "birth_date", kind: .date),
        .init(name: "sex", kind: .category), .init(name: "village", kind: .region),
        .init(name: "family", kind: .region), .init(name: "name", kind: .name),
    ]

    /// The place among ``fields`` of the family and, in it, the person: a code of six characters, and another one. It is appended
    /// when all rows have been read.
    static let family = 4

    /// The code of a family, and of a person in it; without a person it is of the family alone.
    static func code(family: Int32, person: Int32) -> [UInt8] {
        func digits(_ number: Int32) -> [UInt8] { (0..<6).map { UInt8(0x30 + (number >> Int32($0 * 6)) & 0x3F) } }
        return person == 0 ? digits(family) : digits(family) + digits(person)
    }

    /// The rules by which a row is brought together with persons: each leaves out what another needs.
    static let blocking: [[LinkageSettings.KeyPart]] = [
        [.larger("family")],
        [.tail("nik")], [.head("nik")],
        [.whole("birth_date"), .first("name")], [.whole("birth_date"), .last("name")],
        [.whole("birth_date"), .whole("village")],
        [.whole("name"), .whole("village")], [.rarest("name"), .whole("village")],
        [.whole("name"), .year("birth_date")], [.rarest("name"), .year("birth_date")],
        [.whole("name")], [.rarest("name")],
    ]

    /// The fields by which persons of the register are compared with each other.
    static let fieldsOfResidents: [LinkageSettings.Field] = [
        .init(name: "birth_date", kind: .date), .init(name: "sex", kind: .category),
        .init(name: "village", kind: .region), .init(name: "mother", kind: .relative),
        .init(name: "name", kind: .name),
    ]

    /// Appends all of ``fieldsOfResidents`` to the record that was begun.
    func appendResident(to builder: inout RecordTableBuilder) {
        bytes.withUnsafeBytes { bytes in
            var start = Int(ends.0)
            for (field, end) in [ends.1, ends.2, ends.3, ends.4, UInt16(bytes.count)].enumerated() {
                builder.append(UnsafeRawBufferPointer(rebasing: bytes[start..<Int(end)]), to: field)
                start = Int(end)
            }
        }
    }

    /// Appends all but the family to the record that was begun.
    ///
    /// - Parameter hidesNIK: leaves the NIK out.
    func append(to builder: inout RecordTableBuilder, hidesNIK: Bool = false) {
        bytes.withUnsafeBytes { bytes in
            func append(_ from: UInt16, _ to: UInt16, _ field: Int) {
                builder.append(UnsafeRawBufferPointer(rebasing: bytes[Int(from)..<Int(to)]), to: field)
            }
            append(0, hidesNIK ? 0 : ends.0, 0)
            append(ends.0, ends.1, 1)
            append(ends.1, ends.2, 2)
            append(ends.2, ends.3, 3)
            builder.append(UnsafeRawBufferPointer(rebasing: bytes[Int(ends.4)...]), to: 5)
        }
    }

    /// The texts in the order of ``fields``, with the family where it is not 0.
    ///
    /// - Parameter hidesNIK: leaves the NIK out.
    func texts(family: Int32, person: Int32, hidesNIK: Bool = false) -> [String] {
        func text(_ from: UInt16, _ to: UInt16) -> String {
            String(decoding: bytes[Int(from)..<Int(to)], as: UTF8.self)
        }
        return [
            hidesNIK ? "" : text(0, ends.0), text(ends.0, ends.1), text(ends.1, ends.2), text(ends.2, ends.3),
            family == 0 ? "" : String(decoding: Self.code(family: family, person: person), as: UTF8.self),
            String(decoding: bytes[Int(ends.4)...], as: UTF8.self),
        ]
    }
}

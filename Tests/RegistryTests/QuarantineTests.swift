import Storage
import Testing

@testable import Registry

@Suite("Fields of a row")
struct FieldTests {
    /// A value of a field of the sample, and how it is kept.
    static let keptValues: [(field: String, value: String, kept: String?)] = [
        ("nik", "3599011705800001", "3599011705800001"), ("nik", "not a number", "not a number"), ("nik", "", nil),
        ("kk", "3599011705800001", "3599011705800001"), ("name", "Ñoño 漢字 👩‍👩‍👧", "Ñoño 漢字 👩‍👩‍👧"),
        ("name", "abcdefghijklmnopqrst", "abcdefghijklmnopqrst"),
        ("name", "éééééééééééééééééééé", "éééééééééééééééééééé"),
        ("born", "1957", "1957"), ("born", "1957-08", "1957-08"), ("born", "1957-08-17", "1957-08-17"),
        ("born", "17/08/1957", "1957-08-17"), ("seen", "2025-10-01", "2025-10-01"),
        ("seen", "01/10/2025", "2025-10-01"), ("seen", "01-10-2025", "2025-10-01"),
        ("seen", "29-02-2024", "2024-02-29"),
        ("village", "35.10.16.1007", "35.10.16.1007"), ("village", "3510161007", "35.10.16.1007"),
        ("count", "0", "0"), ("count", "007", "7"), ("count", "+3", "3"), ("count", "-0", "0"), ("count", "10", "10"),
        ("area", "1.50", "1.5"), ("area", "100", "100.0"), ("area", "007", "7.0"), ("paid", "2000000", "2000000"),
        ("flag", "ya", "1"), ("flag", "TRUE", "1"), ("flag", "1", "1"), ("flag", "tidak", "0"), ("flag", "false", "0"),
        ("flag", "0", "0"), ("flag", "N", "0"), ("kind", "SATU", "one"), ("kind", "dua", "two"), ("kind", "", nil),
    ]

    @Test("are kept in one way, however an agency writes them", arguments: Database.Engine.allCases)
    func kept(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            for (index, sample) in Self.keptValues.enumerated() {
                let names = sample.field == "name" ? ["id", "name"] : ["id", "name", sample.field]
                let values =
                    sample.field == "name" ? ["r\(index)", sample.value] : ["r\(index)", "Siti", sample.value]
                let file = try folder.write(
                    "file.csv", names.joined(separator: ",") + "\n" + values.joined(separator: ",") + "\n")
                let batch = try registry.ingest(source, file: file)
                let field = try #require(source.fields.firstIndex { $0.name == sample.field })
                let row = try #require(try registry.rows(of: batch.batch)[2], "\(sample)")
                #expect(row[field] == sample.kept, "\(sample)")
            }
        }
    }

    /// A value of a field of the sample that is set aside, and what is said of it.
    static let flawedValues: [(field: String, value: String, says: String)] = [
        ("id", "", "is empty"), ("id", "123456", "longer than 5 characters"), ("name", "", "is empty"),
        ("name", "   ", "is empty"), ("name", "abcdefghijklmnopqrstu", "longer than 20 characters"),
        ("name", "a\u{7}b", "control character"), ("name", "\"a\tb\"", "control character"),
        ("nik", String(repeating: "9", count: 65), "16 digits"), ("nik", "12\u{1}", "16 digits"),
        ("kk", "3599", "16 digits"), ("kk", "35990117058000AB", "digits only"),
        ("kk", "3599013213800001", "birth date"),
        ("kk", "3599011705800000", "0001"), ("born", "1957-13", "not a date"), ("born", "57", "not a date"),
        ("born", "1957-02-29", "not a date"), ("seen", "2025-02-29", "not a date"), ("seen", "2025-10", "not a date"),
        ("seen", "10/15/2025", "not a date"), ("seen", "2025.10.15", "not a date"),
        ("seen", "15-10/2025", "not a date"),
        ("village", "35.10.16", "not a village's code"), ("village", "Karangrejo", "not a village's code"),
        ("village", "35.10.16.9999", "does not exist"), ("count", "11", "lies outside 0 to 10"),
        ("count", "-1", "lies outside 0 to 10"), ("count", "1.5", "not a number"), ("count", "1e3", "not a number"),
        ("count", "99999999999999999999", "not a number"), ("count", "-", "not a number"),
        ("count", "١", "not a number"),
        ("area", "100.1", "lies outside"), ("area", "\"1,5\"", "not a number"), ("area", "1e2", "not a number"),
        ("area", "nan", "not a number"), ("area", ".", "not a number"), ("area", "1.2.3", "not a number"),
        ("paid", "-1", "lies outside"), ("paid", "Rp2.000", "not a number"), ("flag", "perhaps", "not one of true"),
        ("flag", "2", "not one of true"), ("kind", "TIGA", "not one of DUA, SATU"),
    ]

    @Test("are set aside with line, field, value and reason", arguments: Database.Engine.allCases)
    func flawed(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            let names = source.fields.map(\.name)
            var text = names.joined(separator: ",") + "\n"
            for (index, sample) in Self.flawedValues.enumerated() {
                var values = [String](repeating: "", count: names.count)
                values[0] = "r\(index)"
                values[3] = "Siti"
                if let field = names.firstIndex(of: sample.field) { values[field] = sample.value }
                text += values.joined(separator: ",") + "\n"
            }
            let batch = try registry.ingest(source, file: folder.write("file.csv", text))
            #expect(batch.rows == Self.flawedValues.count)
            #expect(batch.accepted == 0)
            #expect(batch.quarantined == Self.flawedValues.count)
            let quarantine = try registry.quarantine(batch: batch.batch)
            #expect(quarantine.map(\.line) == Array(2..<Self.flawedValues.count + 2))
            for (found, sample) in zip(quarantine, Self.flawedValues) {
                #expect(found.field == sample.field, "\(sample)")
                #expect(found.reason.contains(sample.says), "\(sample): \(found.reason)")
                let value = sample.value.filter { $0 != "\"" }.trimmingPrefix { $0 == " " }
                #expect(found.value == value, "\(sample)")
            }
            #expect(try registry.quarantine(batch: batch.batch, limit: 3).count == 3)
        }
    }

    @Test("are as many as the header has, and quotes stand around them only", arguments: Database.Engine.allCases)
    func rows(engine: Database.Engine) throws {
        let text = "id,name,count\n1,Siti\n2,Siti,1,1\n3,Si\"ti,1\n4,\"Siti\"x,1\n5,Siti,1\n6,Siti,\n"
        try Fixture.use(engine) { registry, folder in
            let batch = try registry.ingest(try Fixture.sample(), file: folder.write("file.csv", text))
            #expect(batch.accepted == 2)
            let quarantine = try registry.quarantine(batch: batch.batch)
            #expect(quarantine.map(\.line) == [2, 3, 4, 5])
            #expect(quarantine.map(\.field) == ["", "", "", ""])
            let reasons = [
                "has 2 fields where the header has 3", "has 4 fields", "inside an unquoted", "closing quote",
            ]
            for (found, reason) in zip(quarantine, reasons) { #expect(found.reason.contains(reason)) }
        }
    }
}

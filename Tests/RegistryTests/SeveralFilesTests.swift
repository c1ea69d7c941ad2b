import Journal
import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("A delivery in several files")
struct SeveralFilesTests {
    /// A file of rows with these identifiers.
    private func rows(_ identifiers: some Sequence<Int>) -> String {
        "id,name\n" + identifiers.map { "r\($0),Siti \($0 % 7)\n" }.joined()
    }

    private func names(_ registry: Registry, inForce: Bool) throws -> Int {
        try registry.database.read { connection in
            try connection.count(
                """
                SELECT count(*) FROM source_row r WHERE \(inForce ? "NOT" : "") EXISTS (
                    SELECT 1 FROM source_row_end e
                    WHERE e.regency = r.regency AND e.batch = r.batch AND e.line = r.line)
                """)
        }
    }

    @Test("withdraws what none of its files lists, and nothing that one does", arguments: Database.Engine.allCases)
    func together(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            let first = try folder.write("first.csv", rows(1...10))
            let second = try folder.write("second.csv", rows(11...20))
            let batches = try registry.ingest(source, files: [first, second])
            #expect(batches.map(\.accepted) == [10, 10])
            #expect(batches.map(\.withdrawn) == [0, 0])
            let third = try folder.write("third.csv", rows(15...20))
            let later = try registry.ingest(source, files: [first, third])
            #expect(later.map(\.wasThere) == [true, false])
            #expect(later.map(\.duplicates) == [10, 6])
            #expect(later.map(\.withdrawn) == [0, 4])
            #expect(try names(registry, inForce: true) == 16)
        }
    }

    @Test(
        "given again changes nothing, in whatever order, also with a file named twice",
        arguments: Database.Engine.allCases)
    func again(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            let first = try folder.write("first.csv", rows(1...10))
            let second = try folder.write("second.csv", rows(11...20))
            let taken = try registry.ingest(source, files: [first, second, first])
            #expect(taken.map(\.batch) == [1, 2, 1])
            let again = try registry.ingest(source, files: [second, first])
            #expect(again.map(\.wasThere) == [true, true])
            #expect(try names(registry, inForce: true) == 20)
            #expect(try names(registry, inForce: false) == 0)
        }
    }

    @Test("that looks like a part of one does not count until somebody says so", arguments: Database.Engine.allCases)
    func part(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            let whole = try folder.write("whole.csv", rows(1...1000))
            _ = try registry.ingest(source, file: whole)
            let part = try folder.write("part.csv", rows(900...1010))
            #expect(throws: RegistryError.partialDelivery(file: part, missing: 899, of: 1000)) {
                try registry.ingest(source, file: part)
            }
            #expect(try names(registry, inForce: false) == 0)
            let accepted = try registry.ingest(source, files: [part], acceptsWithdrawals: true)
            #expect(accepted.map(\.withdrawn) == [899])
            #expect(accepted.map(\.accepted) == [10])
            #expect(try names(registry, inForce: true) == 111)
        }
    }

    @Test("whose rows all changed is no part of one", arguments: Database.Engine.allCases)
    func changed(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let source = try Fixture.sample()
            _ = try registry.ingest(source, file: try folder.write("first.csv", rows(1...300)))
            let renamed = rows(1...300).replacing("Siti", with: "Sri")
            let second = try registry.ingest(source, file: try folder.write("second.csv", renamed))
            #expect(second.accepted == 300)
            #expect(second.withdrawn == 300)
        }
    }

    @Test("of which one file is not the source's keeps none of them", arguments: Database.Engine.allCases)
    func refused(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let good = try folder.write("good.csv", rows(1...3))
            let bad = try folder.write("bad.csv", "another,header\n1,2\n")
            #expect(throws: RegistryError.self) { try registry.ingest(try Fixture.sample(), files: [good, bad]) }
            #expect(try names(registry, inForce: true) == 0)
        }
    }
}

@Suite("A region code in a row")
struct RegionDigitsTests {
    @Test("is read from bytes as it is from a text")
    func same() {
        var generator = SeededGenerator(seed: 35)
        let pieces = ["35", "10", "16", "1007", ".", "3", "x", "00", " "]
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...7, using: &generator) {
                text += pieces.randomElement(using: &generator) ?? ""
            }
            let code = RegionCode(text)
            let digits = text.withUTF8Bytes { RegionDigits($0) }
            #expect(digits?.level == code?.level, "\(text)")
            #expect(digits?.dotted == code?.text, "\(text)")
            if let digits, let code { #expect(digits.isDotted == (text == code.text), "\(text)") }
        }
    }
}

extension String {
    fileprivate func withUTF8Bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var copy = self
        return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}

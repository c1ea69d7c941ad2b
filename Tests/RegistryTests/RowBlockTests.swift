import Storage
import TestSupport
import Testing

@testable import Registry

@Suite("Rows sealed together")
struct RowBlockTests {
    private static func block(_ rows: [(line: Int64, content: [UInt8])], batch: Int64 = 7) -> RowBlock {
        var block = RowBlock(batch: batch)
        for row in rows { row.content.withUnsafeBytes { block.append($0, line: row.line) } }
        return block
    }

    @Test("are read again as they were, whichever are asked for")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var line = Int64.random(in: 0...1 << 40, using: &generator)
            let rows = (0..<Int.random(in: 1...RowBlock.most, using: &generator)).map { _ in
                line += Int64.random(in: 1...300, using: &generator)
                let count = Int.random(in: 0...400, using: &generator)
                return (line: line, content: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
            let block = Self.block(rows)
            var reader = try #require(RowBlockReader(block.bytes, batch: 7, first: rows[0].line))
            for row in rows where Bool.random(using: &generator) {
                #expect(reader.content(ofLine: row.line).map { Array(block.bytes[$0]) } == row.content)
            }
            #expect(reader.content(ofLine: line + 1) == nil)
        }
    }

    @Test("are not taken for another batch's or another line's")
    func place() throws {
        let block = Self.block([(12, [1, 2]), (14, [3])])
        #expect(RowBlockReader(block.bytes, batch: 8, first: 12) == nil)
        #expect(RowBlockReader(block.bytes, batch: 7, first: 13) == nil)
        var reader = try #require(RowBlockReader(block.bytes, batch: 7, first: 12))
        #expect(reader.content(ofLine: 13) == nil)
        #expect(reader.content(ofLine: 14) != nil)
    }

    @Test("end where their bytes are cut off, and nothing else is read")
    func cutOff() {
        let block = Self.block([(1, Array(repeating: 9, count: 200)), (2, [1, 2, 3]), (300, [4])])
        for count in 0..<block.bytes.count {
            let bytes = Array(block.bytes.prefix(count))
            guard var reader = RowBlockReader(bytes, batch: 7, first: 1) else { continue }
            for line: Int64 in [1, 2, 300] {
                if let range = reader.content(ofLine: line) { #expect(range.upperBound <= count) }
            }
        }
        #expect(RowBlockReader(Array(repeating: 0xFF, count: 40), batch: 7, first: 1) == nil)
    }

    @Test("hold only what a delivery brings that was not known", arguments: Database.Engine.allCases)
    func onlyWhatIsNew(engine: Database.Engine) throws {
        try Fixture.use(engine) { registry, folder in
            let header = "id,nik,name,paid\n"
            func rows(_ paid: (Int) -> Int) -> String {
                header + (1...500).map { "\($0),\(number($0)),Name,\(paid($0))\n" }.joined()
            }
            let source = try Fixture.sample()
            _ = try registry.ingest(source, file: folder.write("first.csv", rows { _ in 1 }))
            let blocks = try registry.count("source_block")
            #expect(blocks == (500 + RowBlock.most - 1) / RowBlock.most)
            let second = try registry.ingest(source, file: folder.write("second.csv", rows { $0 == 250 ? 2 : 1 }))
            #expect(try registry.count("source_block") == blocks + 1)
            #expect(try registry.rows(of: second.batch).mapValues { [$0[0], $0[9]] } == [251: ["250", "2"]])
        }
    }
}

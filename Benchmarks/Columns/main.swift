// Judges a table of made-up families by twelve attributes and fills a quota, and says how long that takes from columns in
// memory. `Benchmarks/columns` reads the same families and lets other libraries do the same.
//
//     column-benchmark PROGRAMME.yaml FAMILIES.csv ROUNDS UNKNOWN-SHARE
import CEL
import Eligibility
import Foundation
import Registry

/// SplitMix64: which values are unknown is the same in every run.
struct Generator: RandomNumberGenerator {
    var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let rounds = Int(arguments[3]), let share = Int(arguments[4]),
    let village = RegionCode("35.10.16.1014")
else {
    print("usage: column-benchmark PROGRAMME.yaml FAMILIES.csv ROUNDS UNKNOWN-PER-THOUSAND")
    exit(64)
}
let programme = try Programme.read(arguments[1])
let lines = try String(contentsOfFile: arguments[2], encoding: .utf8).split(separator: "\n").dropFirst()
var builder = FactTableBuilder(programme)
var lots: [UInt64] = []
var generator = Generator()
for (index, line) in lines.enumerated() {
    let numbers = line.split(separator: ",").compactMap { UInt64($0) }
    let facts = zip(programme.attributes, numbers).map { attribute, number -> Evidence? in
        guard Int.random(in: 0..<1000, using: &generator) >= share else { return nil }
        return Evidence(
            value: attribute.type == .bool ? .boolean(number == 1) : .integer(Int64(number)), source: "", batch: 1,
            line: 1, day: programme.from)
    }
    builder.append(FamilyFacts(family: facts, persons: [], members: []), of: Int64(index + 1), in: village)
    lots.append(numbers[12])
}
let table = builder.table
let judge = ColumnJudge(programme)
var best = Double.infinity
var result: [String: Any] = [:]
for round in 1...max(1, rounds) {
    let begun = DispatchTime.now().uptimeNanoseconds
    let funding = try Funding(judge.judge(table), priorities: 2, quota: 100_000, lots: lots)
    best = min(best, Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9)
    guard round == max(1, rounds) else { continue }
    var failed = [Int](repeating: 0, count: programme.rules.count)
    var outcomes: [String: Int] = [:]
    var funded: UInt64 = 0
    var place = 0
    for judgement in funding.judgements {
        for (index, outcome) in judgement.outcomes.enumerated() {
            outcomes[outcome.rawValue, default: 0] += 1
            for rule in failed.indices { failed[rule] += Int(judgement.failed[index] >> UInt64(rule) & 1) }
            guard outcome == .eligible else { continue }
            if funding.ranks[place] <= 100_000 { funded &+= UInt64(judgement.firstRow + index) }
            place += 1
        }
    }
    result = ["outcomes": outcomes, "failed": failed, "funded_rows": funded]
}
result["seconds"] = best
print(String(decoding: try JSONSerialization.data(withJSONObject: result, options: .sortedKeys), as: UTF8.self))

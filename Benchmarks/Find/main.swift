// Asks an index of people whether persons are known, one after the other, and says how long each answer took.
// `Benchmarks/find` makes the files and judges the answers.
//
//     find-benchmark NAMES.yaml PEOPLE.csv SAMPLE.csv QUESTIONS.csv ANSWERS.csv
//
// The model is estimated from the sample. A question has the columns of the people and `kind`; of the kind `typed` it is still
// being typed. An answer has the question, and number, probability and how many nanoseconds it took.
import Dispatch
import Foundation
import RecordLinkage
import Registry

func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

func seconds(since begun: UInt64) -> Double { Double(now() - begun) / 1e9 }

/// Bytes that the process holds, or held at most; 0 where the system does not tell.
func memory(_ name: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return 0 }
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
}

func index(_ file: RecordFile, _ settings: LinkageSettings, _ model: LinkageModel) throws -> (PersonIndex, Int, Double) {
    let table = try file.table(settings)
    let (count, begun) = (table.count, now())
    return (try PersonIndex(consume table, model), count, seconds(since: begun))
}

let arguments = CommandLine.arguments
guard arguments.count == 6 else {
    print("usage: find-benchmark NAMES.yaml PEOPLE.csv SAMPLE.csv QUESTIONS.csv ANSWERS.csv")
    exit(64)
}
let sample = try RecordFile(arguments[3])
let settings = try sample.guess(NameEquivalents.read(arguments[1]))
var begun = now()
let model = Linkage(try sample.table(settings)).model
var result: [String: Any] = ["model_seconds": seconds(since: begun)]
begun = now()
let (people, count, building) = try index(RecordFile(arguments[2]), settings, model)
result["read_seconds"] = seconds(since: begun) - building
result["build_seconds"] = building
result["records"] = count
result["resident_bytes"] = memory("VmRSS")
result["peak_bytes"] = memory("VmHWM")

let lines = try String(contentsOfFile: arguments[4], encoding: .utf8).split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
}
guard let header = lines.first, let kind = header.firstIndex(of: "kind") else { exit(65) }
let columns = settings.fields.map { field in field.columns.compactMap { header.firstIndex(of: $0) } }
let questions = lines.dropFirst().map { line in
    (id: line[0], kind: line[kind], texts: columns.map { own in own.map { line[$0] }.joined(separator: " ") })
}
// What comes first finds nothing in the processor's caches, which is not how an index is asked for long.
for question in questions.prefix(200) { _ = people.find(question.texts, isPartial: question.kind == "typed") }
var answers = "question,record,probability,nanoseconds\n"
for question in questions {
    let begun = now()
    let found = people.find(question.texts, isPartial: question.kind == "typed")
    let took = now() - begun
    for one in found { answers += "\(question.id),\(one.id),\(one.probability),\(took)\n" }
    if found.isEmpty { answers += "\(question.id),,0,\(took)\n" }
}
try Data(answers.utf8).write(to: URL(fileURLWithPath: arguments[5]))

begun = now()
DispatchQueue.concurrentPerform(iterations: questions.count) { index in
    _ = people.find(questions[index].texts, isPartial: questions[index].kind == "typed")
}
result["questions_per_second"] = Double(questions.count) / seconds(since: begun)
begun = now()
for question in questions { people.add(id: "new \(question.id)", question.texts) }
result["add_microseconds"] = seconds(since: begun) * 1e6 / Double(questions.count)
begun = now()
for question in questions { _ = people.find(question.texts, isPartial: question.kind == "typed") }
result["after_adding_milliseconds"] = seconds(since: begun) * 1e3 / Double(questions.count)
print(String(decoding: try JSONSerialization.data(withJSONObject: result, options: .sortedKeys), as: UTF8.self))

// Asks an index of people whether persons are known, one after the other, and says how long each answer took.
// `Benchmarks/find` makes the files and judges the answers.
//
//     find-benchmark NAMES.yaml PEOPLE.csv QUESTIONS.csv ANSWERS.csv
//
// The model is estimated from the people. A question has the columns of the people and `kind`; of the kind `typed` it is still
// being typed. An answer has the question, the record's id, its probability, and how many nanoseconds it took and the processor worked.
import Dispatch
import Foundation
import RecordLinkage
import Registry

func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

/// What the thread has worked: on a busy machine an answer waits for others as well.
func worked() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

func seconds(since begun: UInt64) -> Double { Double(now() - begun) / 1e9 }

/// Bytes that the process holds, or held at most; 0 where the system does not tell.
func memory(_ name: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return 0 }
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
}

/// An index of the people in a file, and how many seconds each step took.
func index(_ file: RecordFile, _ names: NameEquivalents) throws -> (PersonIndex, [String: Any]) {
    var begun = now()
    let table = try file.table(file.guess(names))
    var figures: [String: Any] = ["records": table.count, "read_seconds": seconds(since: begun)]
    begun = now()
    guard let model = LinkageModel.estimate(table) else { exit(65) }
    figures["model_seconds"] = seconds(since: begun)
    figures["model_peak_bytes"] = memory("VmHWM")
    begun = now()
    let index = try PersonIndex(consume table, model)
    figures["build_seconds"] = seconds(since: begun)
    return (index, figures)
}

let arguments = CommandLine.arguments
guard arguments.count == 5 else {
    print("usage: find-benchmark NAMES.yaml PEOPLE.csv QUESTIONS.csv ANSWERS.csv")
    exit(64)
}
let file = try RecordFile(arguments[2])
let names = try NameEquivalents.read(arguments[1])
let settings = try file.guess(names)
let (people, figures) = try index(file, names)
var result = figures
result["resident_bytes"] = memory("VmRSS")
result["peak_bytes"] = memory("VmHWM")

let lines = try String(contentsOfFile: arguments[3], encoding: .utf8).split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
}
guard let header = lines.first, let kind = header.firstIndex(of: "kind") else { exit(65) }
let columns = settings.fields.map { field in field.columns.compactMap { header.firstIndex(of: $0) } }
let questions = lines.dropFirst().map { line in
    (id: line[0], kind: line[kind], texts: columns.map { own in own.map { line[$0] }.joined(separator: " ") })
}
// What comes first finds nothing in the processor's caches, which is not how an index is asked for long.
for question in questions.prefix(200) { _ = people.find(question.texts, isPartial: question.kind == "typed") }
var answers = "question,record,probability,nanoseconds,processor\n"
for question in questions {
    let (begun, before) = (now(), worked())
    let found = people.find(question.texts, isPartial: question.kind == "typed")
    let took = "\(now() - begun),\(worked() - before)"
    for one in found { answers += "\(question.id),\(one.id),\(one.probability),\(took)\n" }
    if found.isEmpty { answers += "\(question.id),,0,\(took)\n" }
}
try Data(answers.utf8).write(to: URL(fileURLWithPath: arguments[4]))

var begun = now()
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

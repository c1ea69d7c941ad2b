import Foundation
import RecordLinkage
import Storage

/// How well links fit a truth: the simulator's, or rows whose person somebody has verified.
public struct LinkEvaluation: Sendable {
    /// Rows counted by what became of them.
    public struct Count: Sendable, Equatable {
        /// Linked with the person, or where the source speaks of families with the family, that they speak of.
        public var right = 0
        /// Linked with somebody else of the same family.
        public var sameFamily = 0
        /// Linked with another family.
        public var wrong = 0
        /// In review.
        public var inReview = 0
        /// Waiting though the register lists whom they speak of.
        public var missed = 0
        /// Waiting, and whom they speak of is not in the register.
        public var unlisted = 0

        /// Of the linked rows the share that is right.
        public var precision: Double { Self.share(right, of: right + sameFamily + wrong) }
        /// Of the rows of persons whom the register lists the share that is linked rightly.
        public var recall: Double { Self.share(right, of: right + sameFamily + wrong + inReview + missed) }
        /// 2 × precision × recall ÷ (precision + recall).
        public var f1: Double { Self.f1(precision, recall) }

        static func share(_ part: Int, of all: Int) -> Double { all == 0 ? 1 : Double(part) / Double(all) }
        static func f1(_ precision: Double, _ recall: Double) -> Double {
            precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
        }

        /// Both counts together.
        static func + (left: Count, right: Count) -> Count {
            Count(
                right: left.right + right.right, sameFamily: left.sameFamily + right.sameFamily,
                wrong: left.wrong + right.wrong, inReview: left.inReview + right.inReview,
                missed: left.missed + right.missed, unlisted: left.unlisted + right.unlisted)
        }
    }

    /// What the population register has twice, and how much of it is shown to people.
    public struct Doubles: Sendable, Equatable {
        /// How many there truly are.
        public var there = 0
        /// How many are shown.
        public var shown = 0
        /// How many of those truly are doubles, and of whom they are said to be.
        public var right = 0

        /// Of those shown the share that is right.
        public var precision: Double { Count.share(right, of: shown) }
        /// Of those that are there the share that is shown.
        public var recall: Double { Count.share(right, of: there) }
    }

    /// What a threshold would give, of the rows that no number links.
    public struct Point: Sendable, Equatable {
        /// The least probability.
        public let threshold: Double
        /// Of the rows that it would link the share that is right.
        public let precision: Double
        /// Of the rows of persons whom the register lists the share that it would link rightly.
        public let recall: Double
    }

    /// The run whose links they are.
    public let run: Int64
    /// All rows but the population register's.
    public let all: Count
    /// By source.
    public let sources: [String: Count]
    /// By why they are linked or wait.
    public let grounds: [Ground: Count]
    /// By what is wrong with the row; `none` where nothing is.
    public let faults: [String: Count]
    /// Second entries of persons with two NIKs: in review, or held for second ones because people said so.
    public let secondEntries: Doubles
    /// Cards of families that have another one: those without a head, and those with one. Both are measured against all
    /// cards that a true family has beyond its first.
    public let sharedCards: (headless: Doubles, headed: Doubles)
    /// Families of the register that rows are linked to: which share has all of its own and no others.
    public let clusterPrecision: Double
    /// Families of whom there are rows: which share has all of them and no others.
    public let clusterRecall: Double
    /// What other thresholds would give, from the highest.
    public let curve: [Point]

    /// 2 × precision × recall ÷ (precision + recall), of families with all their rows.
    public var clusterF1: Double { Count.f1(clusterPrecision, clusterRecall) }
}

extension LinkEvaluation {
    /// Compares the links of the last run with a file of rows whose person is known: `source`, `line`, `person_id`,
    /// `family_id` and `faults` (words separated by blanks). Of each source the last delivery counts.
    ///
    /// - Throws: ``RegistryError/refused(file:line:reason:)`` with the line where the file is something else.
    public init(of registry: Registry, truth file: String) throws {
        let truth = try LinkTruth(file)
        let (run, batches) = try registry.database.read { connection in
            let all = try DeliveredBatch.all(of: registry, on: connection)
            return (
                try Int64(
                    connection.count("SELECT max(run) FROM link_run WHERE regency = ?", [.text(registry.regency)])),
                Dictionary(all.map { ($0.source.name, $0) }) { $1 }
            )
        }
        var tally = LinkTally(truth)
        try registry.database.read { connection in
            let links = """
                SELECT line, person, family, ground FROM link
                WHERE regency = ? AND batch = ? AND until IS NULL ORDER BY line
                """
            let ordered = batches.values.sorted { $0.batch < $1.batch }
            func likeliest(_ batch: DeliveredBatch) throws -> [Int64: (person: Int64, probability: Double)] {
                var likely: [Int64: (person: Int64, probability: Double)] = [:]
                try connection.forEach(
                    """
                    SELECT line, person, probability FROM link_candidate
                    WHERE regency = ? AND batch = ? AND until IS NULL AND place = 0
                    """, [.text(registry.regency), .integer(batch.batch)]
                ) { likely[$0.int64(0)] = ($0.int64(1), $0.double(2)) }
                return likely
            }
            let registers = ordered.filter { $0.source.effect == .residents }
            for batch in registers {
                try connection.forEach(links, [.text(registry.regency), .integer(batch.batch)]) {
                    tally.list(
                        line: $0.int64(0), person: $0.int64(1), family: $0.int64(2), of: batch.source.name,
                        isSecond: $0.text(3) == Ground.reviewed.rawValue)
                }
            }
            for batch in registers { tally.show(try likeliest(batch), of: batch.source.name) }
            for batch in ordered where batch.source.effect != .residents {
                let likely = try likeliest(batch)
                let isOfFamilies = batch.source.subject == .family && batch.source.effect == nil
                try connection.forEach(links, [.text(registry.regency), .integer(batch.batch)]) { cursor in
                    guard let ground = Ground(rawValue: cursor.text(3)) else { return }
                    tally.count(
                        source: batch.source.name, line: cursor.int64(0), person: cursor.int64(1),
                        family: cursor.int64(2), ground, isOfFamilies: isOfFamilies, likely: likely[cursor.int64(0)])
                }
            }
        }
        self.run = run
        (all, sources, grounds, faults) = (tally.all, tally.sources, tally.grounds, tally.faults)
        secondEntries = tally.secondEntries()
        sharedCards = tally.sharedCards(try registry.sharedCards())
        (clusterPrecision, clusterRecall) = tally.clusters()
        curve = tally.curve()
    }
}

/// Rows whose person is known.
private struct LinkTruth {
    struct Row {
        var person: Int32 = -1
        var family: Int32 = -1
        var faults: Int32 = 0
    }

    /// By source and line.
    private(set) var rows: [String: [Row]] = [:]
    /// Every different list of faults, once.
    private(set) var faults: [[String]] = [[]]

    init(_ file: String) throws(RegistryError) {
        var numbers: [String: Int32] = [:]
        var faultNumbers: [String: Int32] = ["": 0]
        var columns: [Int]?
        try RecordReader.forEachRecord(of: file) { splitter, bytes, line throws(RegistryError) in
            let fields = splitter.texts(of: bytes)
            func refused(_ reason: String) -> RegistryError { .refused(file: file, line: line, reason: reason) }
            guard let columns else {
                var found: [Int] = []
                for name in ["source", "line", "person_id", "family_id", "faults"] {
                    guard let column = fields.firstIndex(of: name) else {
                        throw refused("the column “\(name)” is missing")
                    }
                    found.append(column)
                }
                columns = found
                return true
            }
            guard fields.count > columns.max() ?? 0, let row = Int(fields[columns[1]]), row > 0, row < 1 << 30
            else { throw refused("the row has no line number, or too few fields") }
            func number(_ name: String) -> Int32 {
                if name.isEmpty { return -1 }
                if let known = numbers[name] { return known }
                numbers[name] = Int32(numbers.count)
                return Int32(numbers.count - 1)
            }
            let own = fields[columns[4]]
            let fault: Int32
            if let known = faultNumbers[own] {
                fault = known
            } else {
                fault = Int32(faults.count)
                faultNumbers[own] = fault
                faults.append(own.split(separator: " ").map(String.init))
            }
            Self.put(
                Row(person: number(fields[columns[2]]), family: number(fields[columns[3]]), faults: fault), at: row,
                in: &rows[fields[columns[0]], default: []])
            return true
        }
    }

    private static func put(_ row: Row, at line: Int, in rows: inout [Row]) {
        if rows.count <= line { rows += Array(repeating: Row(), count: line + 1 - rows.count) }
        rows[line] = row
    }

    subscript(_ source: String, _ line: Int64) -> Row? {
        guard let rows = rows[source], line > 0, Int(line) < rows.count, rows[Int(line)].person >= 0 else { return nil }
        return rows[Int(line)]
    }
}

/// Counts what became of rows.
private struct LinkTally {
    private let truth: LinkTruth
    /// Who the register's persons and families truly are, and whom it lists.
    private var personOf: [Int64: Int32] = [:]
    private var familyOf: [Int64: Int32] = [:]
    private var listed: Set<Int32> = []
    private var listedFamilies: Set<Int32> = []
    /// The register's rows that are held for second entries, or may be: who truly is in the row, and beside whom it is put.
    private var second: [(Int32, Int64)] = []
    private var entriesOf: [Int32: Int] = [:]

    private(set) var all = LinkEvaluation.Count()
    private(set) var sources: [String: LinkEvaluation.Count] = [:]
    private(set) var grounds: [Ground: LinkEvaluation.Count] = [:]
    private(set) var faults: [String: LinkEvaluation.Count] = [:]
    /// By true family: how many rows are of it and not linked to it; and which found families hold another's rows.
    private var incomplete: Set<Int32> = []
    private var impure: Set<Int32> = []
    private var haveRows: Set<Int32> = []
    private var found: Set<Int32> = []
    /// Of rows that no number links and whose person is listed, or whose likeliest one is another: how likely, and whether it
    /// is right.
    private var weighed: [(probability: Double, isRight: Bool)] = []
    private var linkable = 0

    init(_ truth: LinkTruth) { self.truth = truth }

    /// A row of the register; `isSecond` where people said that it is another entry of the person.
    mutating func list(line: Int64, person: Int64, family: Int64, of source: String, isSecond: Bool) {
        guard person != 0, let row = truth[source, line] else { return }
        if isSecond {
            second.append((row.person, person))
            entriesOf[row.person, default: 0] += 1
            return
        }
        if personOf[person] == nil {
            personOf[person] = row.person
            entriesOf[row.person, default: 0] += 1
        }
        listed.insert(row.person)
        // Of a family the first member's counts.
        if familyOf[family] == nil { familyOf[family] = row.family }
        listedFamilies.insert(row.family)
    }

    /// The register's rows that may be second entries, with the likeliest person of each.
    mutating func show(_ likely: [Int64: (person: Int64, probability: Double)], of source: String) {
        for (line, candidate) in likely {
            if let row = truth[source, line] { second.append((row.person, candidate.person)) }
        }
    }

    func secondEntries() -> LinkEvaluation.Doubles {
        LinkEvaluation.Doubles(
            there: entriesOf.values.reduce(0) { $0 + $1 - 1 }, shown: second.count,
            right: second.count { personOf[$1] == $0 })
    }

    func sharedCards(_ cards: [SharedCard]) -> (headless: LinkEvaluation.Doubles, headed: LinkEvaluation.Doubles) {
        let there = familyOf.count - Set(familyOf.values).count
        func count(_ cards: [SharedCard]) -> LinkEvaluation.Doubles {
            LinkEvaluation.Doubles(
                there: there, shown: cards.count,
                right: cards.count { familyOf[$0.family] != nil && familyOf[$0.family] == familyOf[$0.other] })
        }
        return (count(cards.filter { !$0.hasHead }), count(cards.filter(\.hasHead)))
    }

    /// A row of another source.
    mutating func count(
        source: String, line: Int64, person: Int64, family: Int64, _ ground: Ground, isOfFamilies: Bool,
        likely: (person: Int64, probability: Double)?
    ) {
        guard let row = truth[source, line] else { return }
        let isListed = isOfFamilies ? listedFamilies.contains(row.family) : listed.contains(row.person)
        var own = LinkEvaluation.Count()
        if ground.isLinked {
            let isFamily = familyOf[family] == row.family
            let isPerson = person == 0 ? isFamily : personOf[person] == row.person
            if isPerson || (isOfFamilies && isFamily) {
                own.right = 1
            } else if isFamily {
                own.sameFamily = 1
            } else {
                own.wrong = 1
            }
            if let held = familyOf[family] {
                found.insert(held)
                if !isFamily {
                    impure.insert(held)
                    incomplete.insert(row.family)
                }
            }
        } else if ground == .toReview {
            own.inReview = 1
        } else if isListed {
            own.missed = 1
        } else {
            own.unlisted = 1
        }
        if isListed {
            haveRows.insert(row.family)
            if !ground.isLinked { incomplete.insert(row.family) }
        }
        all = all + own
        sources[source] = (sources[source] ?? .init()) + own
        grounds[ground] = (grounds[ground] ?? .init()) + own
        for fault in row.faults == 0 ? ["none"] : truth.faults[Int(row.faults)] {
            faults[fault] = (faults[fault] ?? .init()) + own
        }
        guard likely != nil || !ground.isLinked else { return }
        if isListed { linkable += 1 }
        if let likely {
            let isRight = personOf[likely.person] == row.person
            weighed.append((likely.probability, isRight))
        }
    }

    /// Of families: those found with their own rows only, and those with rows that have all of them and no others.
    func clusters() -> (precision: Double, recall: Double) {
        let exact = haveRows.count { !incomplete.contains($0) && !impure.contains($0) }
        return (
            LinkEvaluation.Count.share(
                found.count { !impure.contains($0) && !incomplete.contains($0) }, of: found.count),
            LinkEvaluation.Count.share(exact, of: haveRows.count)
        )
    }

    func curve() -> [LinkEvaluation.Point] {
        [0.9999, 0.999, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2].map { threshold in
            let taken = weighed.filter { $0.probability >= threshold }
            let right = taken.count { $0.isRight }
            return LinkEvaluation.Point(
                threshold: threshold, precision: LinkEvaluation.Count.share(right, of: taken.count),
                recall: LinkEvaluation.Count.share(right, of: linkable))
        }
    }
}

/// A regular expression that is matched in time linear in the text: all ways through it are followed at once, a character
/// at a time (Thompson 1968; Cox, “Regular Expression Matching: the Virtual Machine Approach”).
struct Pattern: Sendable {
    private enum Instruction: Sendable {
        case scalar(Unicode.Scalar, foldsCase: Bool)
        case set(ScalarSet)
        /// Goes on at both places.
        case split(Int, Int)
        case jump(Int)
        case assertion(PatternAssertion)
        case match
    }

    private static let maximumSize = 10_000

    private var program: [Instruction] = []
    /// Parts that still may be compiled: repetitions of nothing make work without making instructions.
    private var budget = 50_000

    /// Reads a pattern of RE2's syntax.
    ///
    /// - Throws: What is wrong with it, or that it is too large.
    init(_ source: String) throws(EvaluationError) {
        guard source.utf8.count <= Self.maximumSize else { throw Self.tooLarge }
        try emit(try PatternParser.parse(source))
        program.append(.match)
    }

    /// How large the compiled pattern is.
    var size: Int { program.count }

    private static var tooLarge: EvaluationError { EvaluationError(.invalidArgument, "the pattern is too large") }

    private mutating func append(_ instruction: Instruction) throws(EvaluationError) {
        if program.count >= Self.maximumSize { throw Self.tooLarge }
        program.append(instruction)
    }

    private mutating func emit(_ syntax: PatternSyntax) throws(EvaluationError) {
        budget -= 1
        if budget < 0 { throw Self.tooLarge }
        switch syntax {
        case .scalar(let scalar, let foldsCase):
            try append(.scalar(foldsCase ? scalar.lowered : scalar, foldsCase: foldsCase))
        case .set(let set): try append(.set(set))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .alternatives(let parts):
            var ends: [Int] = []
            for part in parts.dropLast() {
                let split = program.count
                try append(.split(0, 0))
                try emit(part)
                ends.append(program.count)
                try append(.jump(0))
                program[split] = .split(split + 1, program.count)
            }
            if let last = parts.last { try emit(last) }
            for end in ends { program[end] = .jump(program.count) }
        case .repetition(let part, let atLeast, let atMost):
            for _ in 0..<atLeast { try emit(part) }
            guard let atMost else {
                let split = program.count
                try append(.split(0, 0))
                try emit(part)
                try append(.jump(split))
                program[split] = .split(split + 1, program.count)
                return
            }
            var splits: [Int] = []
            for _ in atLeast..<atMost {
                splits.append(program.count)
                try append(.split(0, 0))
                try emit(part)
            }
            for split in splits { program[split] = .split(split + 1, program.count) }
        }
    }

    /// Whether the pattern matches anywhere in the text.
    func matches(_ text: String, _ meter: inout Meter) throws(EvaluationError) -> Bool {
        var threads = ThreadList(size: program.count)
        var following = ThreadList(size: program.count)
        var previous: Unicode.Scalar?
        var iterator = text.unicodeScalars.makeIterator()
        var current = iterator.next()
        while true {
            if follow(0, &threads, previous, current) { return true }
            try meter.charge(threads.count + 1)
            guard let scalar = current else { return false }
            let upcoming = iterator.next()
            following.removeAll()
            for place in 0..<threads.count {
                let instruction = threads[place]
                if consumes(program[instruction], scalar), follow(instruction + 1, &following, scalar, upcoming) {
                    return true
                }
            }
            swap(&threads, &following)
            previous = scalar
            current = upcoming
        }
    }

    private func consumes(_ instruction: Instruction, _ scalar: Unicode.Scalar) -> Bool {
        switch instruction {
        case .scalar(let wanted, let foldsCase):
            scalar == wanted || foldsCase && (scalar.lowered == wanted || scalar.raised.lowered == wanted)
        case .set(let set): set.contains(scalar)
        case .split, .jump, .assertion, .match: false
        }
    }

    /// Adds a thread and all it leads to without a character; says whether one of them is a match.
    private func follow(
        _ start: Int, _ threads: inout ThreadList, _ previous: Unicode.Scalar?, _ next: Unicode.Scalar?
    ) -> Bool {
        var pending = [start]
        while let place = pending.popLast() {
            guard threads.insert(place) else { continue }
            switch program[place] {
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .assertion(let assertion): if assertion.holds(previous, next) { pending.append(place + 1) }
            case .match: return true
            case .scalar, .set: break
            }
        }
        return false
    }
}

extension PatternAssertion {
    fileprivate func holds(_ previous: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
        let isWordBefore = previous.map(ScalarSet.word.contains) ?? false
        let isWordAfter = next.map(ScalarSet.word.contains) ?? false
        return switch self {
        case .textStart: previous == nil
        case .textEnd: next == nil
        case .lineStart: previous == nil || previous == "\n"
        case .lineEnd: next == nil || next == "\n"
        case .wordBoundary: isWordBefore != isWordAfter
        case .noWordBoundary: isWordBefore == isWordAfter
        }
    }
}

/// A set of places in a program that keeps the order in which they came and is emptied at once.
private struct ThreadList {
    private var places: [Int] = []
    private var generations: [Int]
    private var generation = 1

    init(size: Int) { generations = Array(repeating: 0, count: size) }

    var count: Int { places.count }
    subscript(index: Int) -> Int { places[index] }

    mutating func insert(_ place: Int) -> Bool {
        guard generations[place] != generation else { return false }
        generations[place] = generation
        places.append(place)
        return true
    }

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        generation += 1
    }
}

import Foundation

/// Finds a card: chooses the questions one by one, each time the one that lowers the squared error of consumption on
/// its fitted scale most, then turns its weights into whole points and mends these by trying one point more and less.
///
/// Each answer is a step from the one before it; a question that may only go one way has steps of one sign.
struct CardFit: Sendable {
    private let candidates: [CardCandidate]
    private let region: CardCandidate?
    /// Where the steps of each candidate begin among the columns; the intercept is column 0, the region's stand last.
    private let starts: [Int]
    private let width: Int
    private let rows: [Double]
    private let folds: [NormalEquations]

    /// What keeps steps near 0 where few households take them.
    private static let stepPenalty = 5.0
    /// How many points the answers may span together.
    private static let span = 100.0

    init(
        _ features: [Feature], _ households: Households, regions: RegionCoding, sheet: QuestionSheet?,
        target: [Double], fold: [Int], folds count: Int
    ) {
        candidates = CardCandidate.candidates(features, households, sheet)
        region = CardCandidate.region(households, regions)
        var starts: [Int] = []
        var width = 1
        for candidate in candidates + [region].compactMap({ $0 }) {
            starts.append(width)
            width += candidate.asked.answerCount - 1
        }
        self.starts = starts
        self.width = width
        var rows = [Double](repeating: 0, count: households.count * width)
        for household in 0..<households.count { rows[household * width] = 1 }
        for (start, candidate) in zip(starts, candidates + [region].compactMap({ $0 })) {
            // A region's last answer, “another one”, has no step of its own; it stays at the middle of all.
            for (household, answer) in candidate.asked.answers(households).enumerated() {
                let first = household * width + start
                if candidate.isRegion {
                    if answer < candidate.asked.answerCount - 1 { rows[first + answer] = 1 }
                } else if candidate.isOrdered {
                    for step in 0..<answer { rows[first + step] = 1 }
                } else if answer > 0 {
                    rows[first + answer - 1] = 1
                }
            }
        }
        self.rows = rows
        var sums = [NormalEquations](repeating: NormalEquations(width: width), count: count)
        rows.withUnsafeBufferPointer { rows in
            for household in 0..<households.count {
                let row = UnsafeBufferPointer(rebasing: rows[household * width..<(household + 1) * width])
                sums[fold[household]].add(row, target[household])
            }
        }
        folds = sums
    }

    /// The card fitted on every fold but one, or on all.
    func card(without fold: Int?) -> ScoreCard {
        var sums = NormalEquations(width: width)
        for index in folds.indices where index != fold { sums += folds[index] }
        var fit = SignedFit(sums, penalties: penalties)
        var chosen: [Int] = []
        if region != nil { fit.admit(regionColumns, sign: nil) }
        let places = ScoreCard.mostQuestions - (region == nil ? 0 : 1)
        while chosen.count < places {
            var best: (fit: SignedFit, candidate: Int)?
            for candidate in candidates.indices where !chosen.contains(candidate) {
                for sign in signs(of: candidates[candidate]) {
                    var tried = fit
                    tried.admit(columns(of: candidate), sign: sign)
                    if tried.cost < best?.fit.cost ?? fit.cost { best = (tried, candidate) }
                }
            }
            guard let best else { break }
            fit = best.fit
            chosen.append(best.candidate)
        }
        return card(fit, chosen)
    }

    private var regionColumns: Range<Int> { (starts.last ?? 1)..<width }

    private func columns(of candidate: Int) -> Range<Int> {
        starts[candidate]..<starts[candidate] + candidates[candidate].asked.answerCount - 1
    }

    /// The signs to try for the steps of a question: where nobody said which way it goes, both ways.
    private func signs(of candidate: CardCandidate) -> [Double?] {
        switch candidate.direction {
        case .richer: [1]
        case .poorer: [-1]
        case .free: [nil]
        case nil: candidate.isOrdered ? [1, -1] : [nil]
        }
    }

    private var penalties: [Double] {
        var penalties = [Double](repeating: Self.stepPenalty, count: width)
        penalties[0] = 0
        if region != nil {
            for column in regionColumns { penalties[column] = 1 / RidgeDesign.regionVariance }
        }
        return penalties
    }

    private func card(_ fit: SignedFit, _ chosen: [Int]) -> ScoreCard {
        var asked = chosen.map { (candidates[$0], columns(of: $0)) }
        if let region { asked.append((region, regionColumns)) }
        let reach = asked.reduce(0) { sum, question in
            let worth = question.0.worth(question.1.map { fit.weights[$0] })
            return sum + (worth.max() ?? 0) - (worth.min() ?? 0)
        }
        guard reach > 0 else { return ScoreCard(questions: [], intercept: 0, slope: 0) }
        let whole = fit.points(unit: reach / Self.span)
        var questions = asked.compactMap { candidate, columns -> ScoreCard.Question? in
            let worth = candidate.worth(columns.map { whole[$0] })
            let least = worth.min() ?? 0
            guard worth.contains(where: { $0 != least }) else { return nil }
            return ScoreCard.Question(
                name: candidate.name, asked: candidate.asked, points: worth.map { Int($0 - least) })
        }
        questions.sort { $0.points.max() ?? 0 > $1.points.max() ?? 0 }
        return ScoreCard(questions: questions, intercept: 0, slope: 0)
    }
}

extension CardCandidate {
    fileprivate var isRegion: Bool { if case .region = asked { true } else { false } }

    /// What each answer is worth, from its steps.
    fileprivate func worth(_ steps: [Double]) -> [Double] {
        if isRegion { return steps + [0] }
        guard isOrdered else { return [0] + steps }
        var worth = [0.0]
        for step in steps { worth.append((worth.last ?? 0) + step) }
        return worth
    }
}

/// Least squares whose weights may be held to one sign, by going through the columns one after the other until nothing
/// moves.
struct SignedFit: Sendable {
    private let sums: NormalEquations
    private let penalties: [Double]
    private var columns: [Int] = [0]
    private var signs: [Double?]
    private(set) var weights: [Double]

    init(_ sums: NormalEquations, penalties: [Double]) {
        self.sums = sums
        self.penalties = penalties
        signs = [Double?](repeating: nil, count: sums.width)
        weights = [Double](repeating: 0, count: sums.width)
    }

    private func gram(_ first: Int, _ second: Int) -> Double {
        sums.gram[max(first, second) * sums.width + min(first, second)]
    }

    /// Lets columns take part, and finds the best weights with them.
    mutating func admit(_ new: Range<Int>, sign: Double?) {
        columns += new
        for column in new { signs[column] = sign }
        for _ in 0..<60 where sweep() < 1e-4 { break }
    }

    /// Sets every weight to its best beside the others; returns how far the furthest moved.
    private mutating func sweep() -> Double {
        var moved = 0.0
        for column in columns {
            let pull = columns.reduce(sums.moment[column]) { $0 - gram(column, $1) * weights[$1] }
            let own = gram(column, column) + penalties[column]
            guard own > 0 else { continue }
            var weight = (pull + gram(column, column) * weights[column]) / own
            if let sign = signs[column], weight * sign < 0 { weight = 0 }
            moved = max(moved, abs(weight - weights[column]))
            weights[column] = weight
        }
        return moved
    }

    /// The squared error with the penalties.
    private var error: Double {
        columns.reduce(sums.square) { sum, column in
            let pull = columns.reduce(0) { $0 + gram(column, $1) * weights[$1] }
            return sum + weights[column] * (pull - 2 * sums.moment[column] + penalties[column] * weights[column])
        }
    }

    /// The error with what each step that is taken must earn (Mallows 1973).
    var cost: Double {
        let error = error
        let steps = columns.count { weights[$0] != 0 }
        return error + 2 * Double(steps) * error / Double(max(1, sums.count - steps))
    }

    /// The weights as whole multiples of a unit: rounded, then each tried one more and one less while that lowers the
    /// error. No sign is lost.
    func points(unit first: Double) -> [Double] {
        var points = weights.map { ($0 / first).rounded() }
        points[0] = 0
        let stepped = columns.filter { $0 != 0 }
        var (intercept, unit) = line(points, stepped)
        for _ in 0..<20 {
            var changed = false
            for column in stepped {
                for change in [1.0, -1.0] {
                    let next = points[column] + change
                    if let sign = signs[column], next * sign < 0 { continue }
                    let pull =
                        sums.moment[column] - intercept * gram(column, 0)
                        - unit * stepped.reduce(0) { $0 + gram(column, $1) * points[$1] }
                    let curve = gram(column, column) + penalties[column]
                    let gain =
                        2 * change * unit * (pull - penalties[column] * unit * points[column])
                        - change * change * unit * unit * curve
                    if gain > 1e-9 {
                        points[column] = next
                        changed = true
                    }
                }
            }
            (intercept, unit) = line(points, stepped)
            if !changed { break }
        }
        return points
    }

    /// The straight line from points to the target.
    private func line(_ points: [Double], _ stepped: [Int]) -> (intercept: Double, unit: Double) {
        let count = gram(0, 0)
        let sum = stepped.reduce(0) { $0 + gram($1, 0) * points[$1] }
        let product = stepped.reduce(0) { $0 + sums.moment[$1] * points[$1] }
        let square = stepped.reduce(0) { total, first in
            total + points[first] * stepped.reduce(0) { $0 + gram(first, $1) * points[$1] }
        }
        let spread = square - sum * sum / count
        let unit = spread > 0 ? (product - sum * sums.moment[0] / count) / spread : 0
        return ((sums.moment[0] - unit * sum) / count, unit)
    }
}

/// What is known of how often a source's links by likeness are right, from which follows which of them are taken.
struct LinkTrials {
    typealias Trial = (probability: Double, isRight: Bool)

    /// Of the links that are taken by likeness at least so many are right.
    static let leastRight = 0.98
    /// From so many trials on their share of right ones counts.
    private static let enough = 30
    /// Where probabilities are cut into bands.
    private static let cuts = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]

    /// Rows whose NIK was hidden: how likely the best candidate was, and whether it was the right one.
    var hidden: [Trial] = []
    /// Rows about which people decided.
    var reviewed: [Trial] = []
    /// How likely the best candidate is of each row that waits.
    var waiting: [Double] = []

    /// The lowest probability from which on enough links are right; 2 where there is none.
    ///
    /// Band by band from the top: where people have decided about enough rows, as many are right as they said; else as many as
    /// the probabilities say, but no more than of the rows with a hidden NIK. These are a source's better rows: who stands
    /// without a NIK in a land title stands there in a former owner's name more often. Below `least` only what people decided
    /// counts.
    ///
    /// - Parameter least: the lowest threshold that nobody has reviewed.
    func threshold(least: Double) -> Double {
        var threshold = 2.0
        var (taken, right, trials) = (0.0, 0.0, 0)
        for (place, cut) in Self.cuts.enumerated().reversed() {
            let end = place + 1 < Self.cuts.count ? Self.cuts[place + 1] : .infinity
            let judged = reviewed.filter { $0.probability >= cut && $0.probability < end }
            let tried = hidden.filter { $0.probability >= cut && $0.probability < end }
            let own = waiting.filter { $0 >= cut && $0 < end }
            guard cut >= least || judged.count >= Self.enough else { break }
            trials += judged.count + tried.count
            let expected = own.isEmpty ? 1 : own.reduce(0, +) / Double(own.count)
            let share =
                Self.share(judged) ?? min(expected, Self.share(tried) ?? 1)
            taken += Double(own.count)
            right += Double(own.count) * share
            if trials >= Self.enough, right >= Self.leastRight * taken { threshold = cut }
        }
        return threshold
    }

    /// The share of right trials, as if one more had been wrong; nil of too few.
    private static func share(_ trials: [Trial]) -> Double? {
        guard trials.count >= enough else { return nil }
        return Double(trials.count { $0.isRight }) / Double(trials.count + 1)
    }
}

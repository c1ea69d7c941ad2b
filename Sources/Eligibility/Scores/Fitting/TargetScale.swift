import Foundation

/// The scale that consumption is fitted on: the Box–Cox transform (1964) of its ratio to the middle family, c = e^(log
/// - middle), as (c^power - 1) / power.
///
/// Power 0 is the logarithm. Below 0 the poor lie further apart than the rich, so that the squared errors are spent
/// where a benefit's cut-off lies: nobody asks how much richer the richest tenth is.
struct TargetScale: Codable, Sendable, Equatable {
    let power: Double
    /// The log consumption of the middle family.
    let middle: Double

    init(power: Double, target: [Double]) {
        self.power = power
        middle = target.sorted()[target.count / 2]
    }

    /// From log consumption.
    func fitted(_ logarithm: Double) -> Double {
        power == 0 ? logarithm - middle : (exp(power * (logarithm - middle)) - 1) / power
    }

    /// To log consumption. What lies beyond the transform's reach is held at a thousandth of it.
    func logarithm(_ fitted: Double) -> Double {
        power == 0 ? fitted + middle : middle + log(max(1e-3, 1 + power * fitted)) / power
    }
}

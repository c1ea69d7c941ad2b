/// The sums that least squares are made of: XᵀX, Xᵀy and yᵀy. They add up over communities, so that a fit without one
/// fold of them is a subtraction.
struct NormalEquations: Sendable {
    let width: Int
    /// XᵀX by rows; only what lies on and below the diagonal counts.
    private(set) var gram: [Double]
    /// Xᵀy.
    private(set) var moment: [Double]
    /// yᵀy.
    private(set) var square = 0.0
    /// How many rows were added.
    private(set) var count = 0

    init(width: Int) {
        self.width = width
        gram = [Double](repeating: 0, count: width * width)
        moment = [Double](repeating: 0, count: width)
    }

    /// Adds one row and what it should give.
    mutating func add(_ row: UnsafeBufferPointer<Double>, _ target: Double) {
        square += target * target
        count += 1
        moment.withUnsafeMutableBufferPointer { moment in
            for index in 0..<width { moment[index] += row[index] * target }
        }
        gram.withUnsafeMutableBufferPointer { gram in
            for first in 0..<width where row[first] != 0 {
                let value = row[first]
                let line = first * width
                for second in 0...first { gram[line + second] += value * row[second] }
            }
        }
    }

    static func += (sum: inout Self, other: Self) { sum.combine(other, sign: 1) }

    static func - (all: Self, part: Self) -> Self {
        var rest = all
        rest.combine(part, sign: -1)
        return rest
    }

    private mutating func combine(_ other: Self, sign: Double) {
        for index in gram.indices { gram[index] += sign * other.gram[index] }
        for index in moment.indices { moment[index] += sign * other.moment[index] }
        square += sign * other.square
        count += Int(sign) * other.count
    }

    /// The weights that minimise the squared errors plus each weight's square times its penalty.
    ///
    /// A column that repeats those before it gets the weight 0.
    func weights(penalties: [Double]) -> [Double] {
        var matrix = gram
        for index in 0..<width { matrix[index * width + index] += penalties[index] }
        return Cholesky(matrix, width: width).solve(moment)
    }
}

/// The Cholesky factor of a symmetric matrix that is positive, but for columns that repeat others; these are dropped.
struct Cholesky: Sendable {
    let width: Int
    /// Which columns add something to those before them.
    private(set) var isKept: [Bool]
    private var factor: [Double]

    /// How much of a column's square must be left beside the columns before it.
    private static let tolerance = 1e-9

    /// Factors a matrix, given by rows on and below the diagonal.
    init(_ matrix: [Double], width: Int) {
        self.width = width
        factor = matrix
        isKept = [Bool](repeating: true, count: width)
        factor.withUnsafeMutableBufferPointer { factor in
            for row in 0..<width {
                let whole = factor[row * width + row]
                for column in 0..<row {
                    let pivot = factor[column * width + column]
                    let rest =
                        factor[row * width + column] - Self.dot(factor, row * width, column * width, column)
                    factor[row * width + column] = isKept[column] ? rest / pivot : 0
                }
                let left = whole - Self.dot(factor, row * width, row * width, row)
                isKept[row] = left > Self.tolerance * whole && left > 0
                factor[row * width + row] = isKept[row] ? left.squareRoot() : 1
            }
        }
    }

    /// The sum of products of two stretches, in four strands whose order never changes.
    private static func dot(
        _ values: UnsafeMutableBufferPointer<Double>, _ first: Int, _ second: Int, _ count: Int
    ) -> Double {
        var strands = SIMD4<Double>.zero
        var index = 0
        while index + 4 <= count {
            let left = SIMD4(
                values[first + index], values[first + index + 1], values[first + index + 2], values[first + index + 3])
            let right = SIMD4(
                values[second + index], values[second + index + 1], values[second + index + 2],
                values[second + index + 3])
            strands += left * right
            index += 4
        }
        var sum = strands.sum()
        while index < count {
            sum += values[first + index] * values[second + index]
            index += 1
        }
        return sum
    }

    /// Solves for one right side; what was dropped is 0.
    func solve(_ right: [Double]) -> [Double] {
        var solution = right
        for row in 0..<width {
            var value = solution[row]
            for column in 0..<row where isKept[column] { value -= factor[row * width + column] * solution[column] }
            solution[row] = isKept[row] ? value / factor[row * width + row] : 0
        }
        for row in stride(from: width - 1, through: 0, by: -1) where isKept[row] {
            var value = solution[row]
            for below in row + 1..<max(row + 1, width) where isKept[below] {
                value -= factor[below * width + row] * solution[below]
            }
            solution[row] = value / factor[row * width + row]
        }
        return solution
    }
}

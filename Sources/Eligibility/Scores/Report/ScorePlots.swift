import Foundation

/// A drawing in coordinates of its own: x to the right, y upwards, both from 0 to 1 within a frame.
struct Frame {
    let left = 54.0
    let top = 14.0
    let width: Double
    let height = 230.0

    func x(_ part: Double) -> String { Self.number(left + part * width) }
    func y(_ part: Double) -> String { Self.number(top + (1 - part) * height) }

    static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> Markup {
        .tag("line", ["x1": x(x1), "y1": y(y1), "x2": x(x2), "y2": y(y2), "class": kind], [])
    }

    func label(_ text: String, _ x: Double, _ y: Double, anchor: String, down: Double = 0) -> Markup {
        .tag(
            "text",
            [
                "x": Self.number(left + x * width), "y": Self.number(top + (1 - y) * height + down),
                "text-anchor": anchor,
            ], Markup(text))
    }

    /// A mark of a series: the first is a circle, the second a square, so that colour is not needed.
    func mark(_ series: Int, _ x: Double, _ y: Double) -> Markup {
        let centre = (left + x * width, top + (1 - y) * height)
        if series == 0 {
            return .tag(
                "circle",
                ["cx": Self.number(centre.0), "cy": Self.number(centre.1), "r": "5", "class": "s0"], [])
        }
        return .tag(
            "rect",
            [
                "x": Self.number(centre.0 - 4.5), "y": Self.number(centre.1 - 4.5), "width": "9", "height": "9",
                "class": "s1",
            ], [])
    }

    func svg(_ title: String, _ parts: [Markup]) -> Markup {
        .tag(
            "svg",
            [
                "viewBox": "0 0 \(Int(left + width + 14)) \(Int(top + height + 44))", "role": "img",
                "aria-label": title,
            ], parts)
    }
}

/// The drawings of a report. Each stands beside a table that says the same.
enum ScorePlots {
    /// Exclusion error by quota, of the model (circles, with its interval) and of least squares (squares).
    static func errors(
        _ figures: [PovertyModel.Figure], title: String, xLabel: String, percent: (Double) -> String
    ) -> Markup {
        let frame = Frame(width: 330)
        let top = max(0.1, (figures.flatMap { [$0.error.high, $0.leastSquares.value] }.max() ?? 1) * 1.08)
        var parts: [Markup] = []
        for step in 0...4 {
            let part = Double(step) / 4
            parts.append(frame.line(0, part, 1, part, "grid"))
            parts.append(frame.label(percent(top * part), 0, part, anchor: "end", down: 4).shifted)
        }
        for (index, figure) in figures.enumerated() {
            let middle = (Double(index) + 0.5) / Double(figures.count)
            parts.append(
                frame.line(middle - 0.03, figure.error.low / top, middle - 0.03, figure.error.high / top, "whisker"))
            parts.append(frame.mark(0, middle - 0.03, figure.error.value / top))
            parts.append(frame.mark(1, middle + 0.03, figure.leastSquares.value / top))
            parts.append(frame.label(percent(figure.quota), middle, 0, anchor: "middle", down: 18))
        }
        parts.append(frame.label(xLabel, 0.5, 0, anchor: "middle", down: 37))
        return frame.svg(title, parts)
    }

    /// Mean estimate against mean truth in each tenth, on logarithmic scales; on the line they agree.
    static func calibration(
        _ tenths: [ScoreJudgement.Tenth], title: String, xLabel: String, number: (Double) -> String
    ) -> Markup {
        let frame = Frame(width: 330)
        let values = tenths.flatMap { [$0.estimate, $0.truth] }.map { log($0) }
        let low = (values.min() ?? 0) - 0.1
        let reach = (values.max() ?? 1) + 0.1 - low
        var parts = [frame.line(0, 0, 1, 1, "even")]
        for step in 0...4 {
            let part = Double(step) / 4
            let value = exp(low + part * reach)
            parts.append(frame.line(0, part, 1, part, "grid"))
            parts.append(frame.label(number(value), 0, part, anchor: "end", down: 4).shifted)
            parts.append(frame.label(number(value), part, 0, anchor: "middle", down: 18))
        }
        for tenth in tenths {
            parts.append(frame.mark(0, (log(tenth.estimate) - low) / reach, (log(tenth.truth) - low) / reach))
        }
        parts.append(frame.label(xLabel, 0.5, 0, anchor: "middle", down: 37))
        return frame.svg(title, parts)
    }
}

extension Markup {
    /// A label of the axis on the left, moved off the axis.
    var shifted: Markup { .tag("g", ["transform": "translate(-8 0)"], self) }
}

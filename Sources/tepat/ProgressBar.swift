import Foundation
import Registry
import Synchronization

/// A bar on the terminal that shows how far a long command has come; silent where standard error is no terminal.
final class ProgressBar: Sendable {
    private let label: String
    private let isTerminal: Bool
    private let begun = ContinuousClock.now
    private let state = Mutex((shown: -1, drawn: ContinuousClock.now))

    init(_ label: String) {
        self.label = label
        isTerminal = isatty(STDERR_FILENO) == 1
        if !isTerminal { FileHandle.standardError.write(Data("\(label) …\n".utf8)) }
    }

    /// Shows how far it has come; called from any thread, as often as one likes.
    func show(_ progress: WorkProgress) {
        guard isTerminal, progress.total > 0 else { return }
        let permille = min(1000, progress.done * 1000 / progress.total)
        let draws = state.withLock { state in
            guard permille != state.shown, permille == 1000 || state.drawn.duration(to: .now) > .milliseconds(80) else {
                return false
            }
            state = (permille, .now)
            return true
        }
        if draws { draw(permille) }
    }

    /// Ends the bar with what it took.
    func finish() {
        let seconds = begun.duration(to: .now).formatted(.units(allowed: [.minutes, .seconds], width: .narrow))
        if isTerminal {
            draw(1000)
            write("  \(seconds)\n")
        }
    }

    private func draw(_ permille: Int) {
        let width = 30
        let full = permille * width / 1000
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        let elapsed = begun.duration(to: .now)
        var rest = ""
        if elapsed > .seconds(2), (21..<1000).contains(permille) {
            let left = elapsed * Double(1000 - permille) / Double(permille)
            rest = " \(left.formatted(.units(allowed: [.minutes, .seconds], width: .narrow))) left"
        }
        let name = label.padding(toLength: 28, withPad: " ", startingAt: 0)
        write("\r\(name) \(bar) \(permille / 10) %\(rest)\u{1B}[K")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Runs work under a bar.
    static func run<Result>(_ label: String, _ work: (@escaping @Sendable (WorkProgress) -> Void) throws -> Result)
        rethrows
        -> Result
    {
        let bar = ProgressBar(label)
        let result = try work { bar.show($0) }
        bar.finish()
        return result
    }
}

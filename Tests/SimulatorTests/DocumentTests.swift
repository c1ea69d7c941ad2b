import Foundation
import Testing

@testable import Simulator

@Suite("The simulator's document")
struct DocumentTests {
    /// A table's line for an agency, as the document has it: rates in percent of rows.
    private static func line(_ agency: Agency) -> String {
        let rates = agency.rates
        let numbers =
            [rates.missingNIK, rates.nikDigit, rates.nikTransposed, rates.relativeNIK] + rates.names
            + [
                rates.birthUnknown, rates.birthSwapped, rates.birthYearOnly, rates.oldFamilyNumber, rates.oldVillage,
                rates.doubleRow, rates.doublePerson,
            ]
        return "| `\(agency.source)` | " + numbers.map(percent).joined(separator: " | ") + " |"
    }

    /// 1,234 of 10,000 as `12.34`, and nothing as `–`.
    private static func percent(_ rate: Int) -> String {
        guard rate > 0 else { return "–" }
        let decimals = rate % 100
        let rest =
            decimals == 0 ? "" : decimals % 10 == 0 ? ".\(decimals / 10)" : (decimals < 10 ? ".0" : ".") + "\(decimals)"
        return "\(rate / 100)\(rest)"
    }

    @Test("The document's table of rates is that of the code", arguments: Agency.allCases)
    func rates(agency: Agency) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/simulator.md"), encoding: .utf8)
        #expect(text.split(separator: "\n").contains { $0 == Self.line(agency) }, "\(Self.line(agency))")
        for fault in Fault.allCases { #expect(text.contains("`\(fault.name)`"), "\(fault.name)") }
    }
}

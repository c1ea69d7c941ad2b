/// Which fields of a source's rows its evidence rests on, and where they lie in what is kept of a linked row.
public struct EvidenceLayout: Sendable {
    /// The source's rules of evidence.
    public let rules: [EvidenceRule]
    /// The indexes of the fields that are kept, in their order.
    private let fields: [Int]

    /// The layout of a source.
    public init(_ source: SourceDefinition) {
        rules = source.evidence
        var fields: Set<Int> = []
        for rule in source.evidence {
            switch rule.value {
            case .field(let index), .yearsSince(let index), .counting(let index, _): fields.insert(index)
            case .constant: continue
            }
        }
        self.fields = fields.sorted()
    }

    /// Whether the source's rows are evidence of anything.
    var isEmpty: Bool { rules.isEmpty }

    /// The position, in what is kept, of a field; nil where it is not kept.
    public func position(of field: Int) -> Int? { fields.firstIndex(of: field) }

    /// The fields that are kept, as a row of their own.
    func content(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>?]) -> [UInt8] {
        var content = RowContent()
        for field in fields {
            if let range = ranges[field] {
                content.append(UnsafeRawBufferPointer(rebasing: bytes[range]))
            } else {
                content.appendEmpty()
            }
        }
        return content.bytes
    }
}

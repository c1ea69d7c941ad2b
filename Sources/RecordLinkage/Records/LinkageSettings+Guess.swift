extension LinkageSettings {
    /// Rules that bring together what may be one person, for fields of these kinds.
    ///
    /// Each fault that a record may have leaves at least one rule without it: a missing number, a mistyped name, another
    /// birth date, another village.
    public static func blocking(for fields: [Field]) -> [[KeyPart]] {
        func all(_ kind: Kind) -> [String] { fields.filter { $0.kind == kind }.map(\.name) }
        let names = all(.name) + all(.relative)
        let (dates, numbers, regions, phones) = (all(.date), all(.identifier), all(.region), all(.phone))
        let texts = all(.text)
        var rules: [[KeyPart]] = numbers.map { [.whole($0)] }
        guard let name = names.first else {
            rules += phones.map { [.whole($0)] }
            for date in dates { rules += texts.prefix(3).map { [.whole(date), .first($0)] } }
            return rules
        }
        let others = names.dropFirst()
        for date in dates.prefix(1) {
            rules += [[.whole(date), .first(name)], [.whole(date), .last(name)], [.whole(date), .lowest(name)]]
            rules += regions.prefix(2).map { [.whole(date), .whole($0)] }
            rules += others.prefix(2).map { [.whole(date), .first($0)] }
            rules.append([.whole(name), .year(date)])
        }
        rules += numbers.prefix(1).flatMap { [[.tail($0)], [.head($0)]] }
        rules += regions.prefix(2).map { [.whole(name), .whole($0)] }
        rules += phones.prefix(1).map { [.whole($0)] }
        for other in others.prefix(2) {
            rules += [[.whole(name), .whole(other)], [.rarest(name), .rarest(other)]]
            rules += regions.prefix(1).map { [.whole(other), .whole($0), .first(name)] }
        }
        // Texts are places and such: they bring together what little else does.
        if others.isEmpty || dates.isEmpty {
            rules += texts.prefix(3).map { [.rarest(name), .rarest($0)] }
            rules += texts.prefix(2).flatMap { [[.first(name), .rarest($0)], [.last(name), .rarest($0)]] }
            rules += regions.prefix(1).flatMap { [[.first(name), .whole($0)], [.last(name), .whole($0)]] }
        }
        if others.isEmpty, texts.isEmpty, regions.isEmpty { rules.append([.whole(name)]) }
        return rules
    }
}

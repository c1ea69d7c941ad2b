import Registry

extension NearestChange {
    /// The change in one sentence, in Indonesian (`id`) or English (`en`); `members` are the names of the members.
    public func text(_ language: String, members: [String]) -> String {
        let english = language == "en"
        let parts = steps.map { $0.text(english: english, members: members) }
        return (english ? "If " : "Kalau ") + parts.joined(separator: english ? ", and if " : ", dan kalau ") + ", "
            + effectText(english: english) + "."
    }

    /// Who can mend each value, and what to bring; empty where nobody would wish for it.
    public func mend(_ language: String) -> [String] {
        guard isGain else { return [] }
        var told: [String] = []
        for step in steps where !told.contains(step.attribute.mend(language)) {
            told.append(step.attribute.mend(language))
        }
        return told
    }

    private func effectText(english: Bool) -> String {
        switch effect {
        case .outcome(.eligible):
            english ? "your family would meet all the rules" : "keluarga Anda memenuhi semua syarat"
        case .outcome(.ineligible):
            english ? "your family would not meet the rules" : "keluarga Anda tidak memenuhi syarat"
        case .outcome(.undetermined):
            english
                ? "it could not be decided before somebody has looked"
                : "keputusannya harus menunggu pemeriksaan dulu"
        case .comesForward:
            english
                ? "your family would go before families that are in the same position now"
                : "keluarga Anda didahulukan dari keluarga lain yang sekarang sama urutannya"
        }
    }
}

extension NearestChange.Step {
    /// The values that would do: “1 to 4”, “earth” or “bamboo”.
    private func wanted(_ language: String) -> String {
        let or = language == "en" ? " or " : " atau "
        let words = ([to] + others).map { attribute.quoted($0, language) }
        let whole = ([to] + others).compactMap { value -> Int64? in
            if case .integer(let number) = value, attribute.values.isEmpty { number } else { nil }
        }.sorted()
        guard let first = whole.first, let last = whole.last, whole.count == words.count, whole.count > 2,
            last - first == Int64(whole.count - 1)
        else { return words.joined(separator: or) }
        return "\(first)" + (language == "en" ? " to " : " sampai ") + attribute.quoted(.integer(last), language)
    }

    fileprivate func text(english: Bool, members: [String]) -> String {
        let language = english ? "en" : "id"
        let whose = member.map { members.indices.contains($0) ? " (\(members[$0]))" : "" } ?? ""
        let subject = attribute.label(language).withSmallInitial + whose
        let to = wanted(language)
        guard let from else {
            return english ? "\(subject) turns out to be \(to)" : "ternyata \(subject) \(to)"
        }
        let known = attribute.quoted(from, language)
        switch attribute.can {
        case .change, .no:
            return english ? "\(subject) were \(to) (now: \(known))" : "\(subject) menjadi \(to) (sekarang: \(known))"
        case .correct:
            return english
                ? "the data is wrong and \(subject) is really \(to) (on record: \(known))"
                : "datanya keliru dan \(subject) yang benar \(to) (tercatat: \(known))"
        }
    }
}

extension Programme.Attribute {
    /// A value as people say it, words in quotation marks.
    fileprivate func quoted(_ value: AttributeValue, _ language: String) -> String {
        let words = self.words(for: value)(language)
        switch value {
        case .integer where values[value.description] == nil, .double: return words
        default: return "“\(words)”"
        }
    }
}

extension String {
    /// As it stands inside a sentence: “Daya listrik” becomes “daya listrik”, and “PKH” stays.
    fileprivate var withSmallInitial: String {
        dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
    }
}

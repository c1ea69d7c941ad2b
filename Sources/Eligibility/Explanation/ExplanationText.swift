import Registry

extension Explanation {
    /// The explanation as a person reads it, in Indonesian (`id`) or English (`en`).
    public func text(_ language: String) -> String {
        let english = language == "en"
        func say(_ indonesian: String, _ inEnglish: String) -> String { english ? inEnglish : indonesian }
        var lines = [programme.title(language), headline(language)]
        if !parts.isEmpty {
            lines += ["", say("Besarnya", "Amount") + ": \(Rupiah(determination.amount)) \(period(language))"]
            lines += parts.map { "  \(Rupiah($0.amount))  \($0.label(language))\(whose($0.member, language))" }
        }
        if !missing.isEmpty {
            lines += ["", say("Yang belum diketahui", "Not known yet") + ":"]
            for fact in missing {
                lines.append("  \(fact.label(language))\(whose(fact.member, language)). \(fact.mend(language))")
            }
        }
        if let notice = notice(language) {
            lines += ["", say("Pemberitahuan", "Notice") + ": " + notice.headline]
            lines += notice.changes.map { "  \($0)" }
            if let state = notice.state { lines.append("  " + state) }
            if let answer = notice.answer { lines.append("  → \(answer)") }
        }
        lines += ["", say("Alasan", "Reasons") + ":"]
        for reason in reasons {
            lines.append("  \(mark(reason.finding)) \(reason.words(language))")
            for fact in reason.facts { lines.append("      \(line(fact, language))") }
            if reason.finding != .met { lines.append("      → \(reason.change(language))") }
        }
        if !nearest.isEmpty {
            lines += [
                "", say("Perubahan terkecil yang mengubah hasilnya", "The smallest change that would alter it") + ":",
            ]
            for change in nearest {
                lines.append("  \(change.text(language, members: members))")
                lines += change.mend(language).map { "      → \($0)" }
            }
        }
        if let next { lines += ["", say("Langkah berikutnya", "What to do next") + ": " + next(language)] }
        if !history.isEmpty {
            lines += ["", say("Keputusan sebelumnya", "Earlier decisions") + ":"]
            lines += history.map { "  \($0.day): \($0.text(language, programme))" }
        }
        lines += [
            "",
            say("Penilaian", "Assessment") + " \(assessment.assessment), "
                + say("versi", "version") + " \(programme.version), "
                + say("keadaan per", "as of") + " \(assessment.day)",
        ]
        return lines.joined(separator: "\n")
    }

    /// The outcome in one sentence.
    public func headline(_ language: String) -> String {
        let english = language == "en"
        switch determination.standing {
        case .ineligible:
            return english ? "Your family does not meet the rules." : "Keluarga Anda tidak memenuhi syarat."
        case .undetermined:
            return english ? "This cannot be decided yet." : "Belum bisa diputuskan."
        case .funded:
            return english
                ? "Your family is eligible and within the quota." : "Keluarga Anda layak dan masuk kuota."
        case .waitlisted:
            guard let place = determination.waiting else {
                return english
                    ? "Your family is eligible, but the quota is full."
                    : "Keluarga Anda layak, tetapi kuota sudah penuh."
            }
            return english
                ? "Your family is eligible, and number \(place) on the waiting list."
                : "Keluarga Anda layak, di daftar tunggu nomor \(place)."
        }
    }

    /// The period of an amount, in words.
    public func period(_ language: String) -> String { programme.period.words(language) }

    private func mark(_ finding: Finding) -> String {
        switch finding {
        case .met: "✓"
        case .decides: "✗"
        case .toVerify: "!"
        case .unknown: "?"
        }
    }

    private func whose(_ member: Int?, _ language: String) -> String {
        member.map { members.indices.contains($0) ? " (\(members[$0]))" : "" } ?? ""
    }

    private func line(_ fact: Fact, _ language: String) -> String {
        let english = language == "en"
        let subject = fact.label(language) + whose(fact.member, language) + ": "
        guard let value = fact.value, let evidence = fact.evidence else {
            return subject + (english ? "not known" : "belum diketahui")
        }
        let agency = fact.agency?(language) ?? evidence.source
        let place =
            evidence.line == nil
            ? (english ? "no record at \(agency)" : "tidak tercatat di \(agency)") : agency
        return subject + "\(value(language)) – \(place), \(evidence.day)"
            + (fact.trust?.text(language).map { " (\($0))" } ?? "")
    }
}

extension PastOutcome {
    /// The outcome with the rules that stood against it, in a few words.
    public func text(_ language: String, _ programme: Programme) -> String {
        let english = language == "en"
        var outcome = standing.words(language)
        if keeps != nil { outcome += english ? ", still receiving" : ", tetap menerima" }
        let watched = programme.notice.watch.compactMap { name -> String? in
            guard let value = Succession.values(self.watched)[name], let attribute = programme.attribute(name, .family)
            else { return nil }
            return "\(attribute.label(language)) \(value)"
        }
        if !watched.isEmpty { outcome += " (\(watched.joined(separator: ", ")))" }
        // A rule of an earlier version may have another name now.
        let words = failed.map { name in programme.rules.first { $0.name == name }?.failed(language) ?? name }
        return words.isEmpty ? outcome : outcome + " – " + words.joined(separator: " ")
    }
}

extension Programme.Period {
    /// The period as it follows an amount.
    public func words(_ language: String) -> String {
        switch self {
        case .month: language == "en" ? "a month" : "per bulan"
        case .quarter: language == "en" ? "every three months" : "per tiga bulan"
        case .once: language == "en" ? "once" : "satu kali"
        }
    }
}

extension Explanation.Trust {
    /// Which source it is, where there are several, and how old the value is; nil where there is nothing to say.
    public func text(_ language: String) -> String? {
        let english = language == "en"
        var parts: [String] = []
        if sources > 1 {
            parts.append(english ? "source \(place) of \(sources)" : "sumber ke-\(place) dari \(sources)")
        }
        if days > 0 { parts.append(english ? "\(days) days before the assessment" : "\(days) hari sebelum penilaian") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

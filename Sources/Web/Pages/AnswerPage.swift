import Journal

extension PageContext {
    /// What was decided for a family, and why.
    func answerPage(_ answer: ResidentAnswer) -> HTML {
        let say = language
        return document(title: say(Words.Answer.title), place: .check) {
            Tag.div(.class("in part")) {
                Tag.div(.class("text")) {
                    Tag.h1 { say(Words.Answer.title) }
                    Tag.dl(.class("who")) {
                        fact(Words.Answer.head, answer.familyMasked)
                        answer.members.map { fact(Words.Answer.members, say.count($0)) }
                        answer.village.map { fact(Words.Answer.village, $0) }
                    }
                    if answer.programmes.isEmpty { Tag.p(.class("lead")) { say(Words.Answer.none) } }
                    answer.programmes.enumerated().map { number, programme in
                        programmeAnswer(programme, id: "program-\(number + 1)")
                    }
                    readings(answer.readings)
                    Tag.p(.class("soft")) { say(Words.Answer.done) }
                    Tag.div(.class("acts")) {
                        Tag.a(.class("button quiet"), .href(Place.check.link)) { say(Words.Answer.checkAnother) }
                    }
                }
            }
        }
    }

    /// Who has read what is known of the family.
    private func readings(_ readings: [DataReading]) -> HTML {
        let say = language
        return Tag.details(.class("card")) {
            Tag.summary { say(Words.Answer.readings) }
            Tag.p(.class("soft")) { say(readings.isEmpty ? Words.Answer.noReadings : Words.Answer.readingsLead) }
            Tag.ul {
                readings.map { reading in
                    Tag.li {
                        let line = "\(say.date(reading.date)): \(reading.reader) – \(reading.purpose)"
                        return HTML(
                            text: reading.times > 1
                                ? line + " (\(say(Words.Answer.times(say.count(reading.times)))))" : line)
                    }
                }
            }
        }
    }

    private func programmeAnswer(_ answer: ProgrammeAnswer, id: String) -> HTML {
        let say = language
        let decisive = answer.reasons.filter(\.decisive)
        let others = answer.reasons.filter { !$0.decisive }
        return Tag.article(.class("answer"), .aria(.labelledby, id)) {
            Tag.header(.class(styleClass(answer.outcome))) {
                Tag.h2(.id(id)) { answer.title }
                Tag.p(.class("state")) { sentence(answer) }
            }
            if answer.awaitsVerification { Tag.p { say(Words.Answer.verification) } }
            answer.notice.map(notice)
            answer.amount.map { amount($0, received: answer.outcome == .funded || answer.notice?.receives == true) }
            if !answer.missing.isEmpty { missing(answer.missing) }
            if !decisive.isEmpty {
                Tag.section {
                    Tag.h3 { say(Words.Answer.reasons) }
                    reasons(decisive)
                }
            }
            if !answer.nextSteps.isEmpty { nextSteps(answer.nextSteps) }
            if !answer.changes.isEmpty || !answer.nearest.isEmpty {
                Tag.section {
                    Tag.h3 { say(Words.Answer.changes) }
                    if !answer.nearest.isEmpty { nearest(answer.nearest) }
                    if !answer.changes.isEmpty { Tag.ul { answer.changes.map { change in Tag.li { change } } } }
                }
            }
            if !others.isEmpty {
                Tag.details {
                    Tag.summary { say(Words.Answer.otherReasons) + " (\(say.count(others.count)))" }
                    reasons(others)
                }
            }
            if !answer.history.isEmpty {
                Tag.details {
                    Tag.summary { say(Words.Answer.history) }
                    Tag.ul {
                        answer.history.map { past in
                            Tag.li {
                                Tag.time(.datetime(past.day.description)) { say.date(past.day) }
                                ": " + past.text
                            }
                        }
                    }
                }
            }
            Tag.footer {
                Tag.p(.class("soft")) {
                    if let date = answer.assessedOn {
                        say(Words.Answer.assessed(date: say.date(date), version: answer.version))
                    } else {
                        say(Words.Answer.rules(version: answer.version))
                    }
                }
            }
        }
    }

    private func styleClass(_ outcome: ProgrammeAnswer.Outcome) -> String {
        switch outcome {
        case .funded: "funded"
        case .waitlisted: "waitlisted"
        case .undetermined: "undetermined"
        case .ineligible, .notAssessed: "ineligible"
        }
    }

    private func sentence(_ answer: ProgrammeAnswer) -> String {
        switch answer.outcome {
        case .funded: language(Words.Answer.funded)
        case .waitlisted(let rank?): language(Words.Answer.waitlisted(language.count(rank)))
        case .waitlisted(nil): language(Words.Answer.quotaFull)
        case .ineligible: language(Words.Answer.ineligible)
        case .notAssessed: language(Words.Answer.notAssessed)
        case .undetermined:
            answer.missing.isEmpty
                ? language(Words.Answer.undetermined)
                : language(Words.Answer.undetermined(missing: answer.missing.map(\.what).joined(separator: ", ")))
        }
    }

    private func notice(_ notice: NoticeView) -> HTML {
        Tag.section(.class("notice")) {
            Tag.h3 { language(Words.Answer.notice) }
            Tag.p { Tag.strong { notice.headline } }
            if !notice.changes.isEmpty { Tag.ul { notice.changes.map { change in Tag.li { change } } } }
            notice.state.map { state in Tag.p { state } }
            notice.answer.map { answer in
                Tag.p {
                    Tag.strong { language(Words.Answer.noticeAnswer) }
                    " " + answer
                }
            }
        }
    }

    private func amount(_ amount: Amount, received: Bool) -> HTML {
        Tag.section {
            Tag.h3 { language(received ? Words.Answer.amount : Words.Answer.amountIf) }
            Tag.p(.class("sum")) { language.rupiah(amount.rupiah) }
            Tag.p(.class("soft")) { amount.period }
            if !amount.lines.isEmpty {
                Tag.table(.class("made")) {
                    Tag.tbody {
                        amount.lines.map { line in
                            Tag.tr {
                                Tag.th(.scope(.row)) { line.label }
                                Tag.td { language.rupiah(line.rupiah) }
                            }
                        }
                    }
                    Tag.tfoot {
                        Tag.tr {
                            Tag.th(.scope(.row)) { language(Words.Answer.total) }
                            Tag.td { language.rupiah(amount.rupiah) }
                        }
                    }
                }
            }
        }
    }

    private func missing(_ missing: [MissingView]) -> HTML {
        Tag.section {
            Tag.h3 { language(Words.Answer.missing) }
            Tag.ul(.class("reasons"), .role(.list)) {
                missing.map { item in
                    Tag.li {
                        Tag.p { Tag.strong { item.what.prefix(1).uppercased() + String(item.what.dropFirst()) } }
                        item.how.map { how in Tag.p { how } }
                    }
                }
            }
        }
    }

    private func reasons(_ reasons: [ReasonView]) -> HTML {
        let say = language
        return Tag.ul(.class("reasons"), .role(.list)) {
            reasons.map { reason in
                Tag.li {
                    Tag.p { reason.text }
                    if !reason.evidence.isEmpty {
                        Tag.ul(.class("proof"), .role(.list)) {
                            reason.evidence.map { evidence in
                                Tag.li {
                                    evidence.label + ": "
                                    Tag.strong { evidence.value }
                                    " "
                                    Tag.span(.class("soft")) {
                                        say(
                                            Words.Answer.evidence(
                                                agency: evidence.agency, date: say.date(evidence.date),
                                                isRecorded: evidence.isRecorded))
                                        evidence.trust.map { trust in " (\(trust))" } ?? ""
                                    }
                                }
                            }
                        }
                    }
                    reason.legalSource.map { source in
                        Tag.p(.class("soft")) { say(Words.Answer.legalSource) + " " + source }
                    }
                }
            }
        }
    }

    private func nearest(_ changes: [ChangeView]) -> HTML {
        HTML([
            Tag.p(.class("soft")) { language(Words.Answer.nearest) },
            Tag.ul(.class("reasons"), .role(.list)) {
                changes.map { change in
                    Tag.li {
                        Tag.p { change.text }
                        change.mend.map { how in Tag.p(.class("soft")) { how } }
                    }
                }
            },
        ])
    }

    private func nextSteps(_ steps: [NextStep]) -> HTML {
        Tag.section {
            Tag.h3 { language(Words.Answer.next) }
            Tag.ol(.class("todo")) {
                steps.map { step in
                    let details: [(Phrase, String)] = [
                        (Words.Answer.place, step.place ?? ""), (Words.Answer.within, step.within ?? ""),
                        (Words.Answer.bring, step.bring.joined(separator: ", ")),
                    ].filter { !$0.1.isEmpty }
                    return Tag.li {
                        step.text
                        if !details.isEmpty { Tag.dl { details.map { fact($0.0, $0.1) } } }
                    }
                }
            }
        }
    }

    private func fact(_ name: Phrase, _ value: String) -> HTML {
        Tag.div {
            Tag.dt { language(name) }
            Tag.dd { value }
        }
    }
}

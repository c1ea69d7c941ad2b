extension PageContext {
    /// The form, with what is wrong about what was typed.
    func checkPage(_ form: CheckForm) -> HTML {
        let say = language
        let title = (form.faults.isEmpty ? "" : say(Words.Check.errorPrefix) + " ") + say(Words.Check.title)
        return document(title: title, place: .check) {
            Tag.div(.class("in part pair")) {
                Tag.div {
                    if !form.faults.isEmpty { errorSummary(form.faults) }
                    Tag.h1 { say(Words.Check.title) }
                    Tag.p(.class("lead")) { say(Words.Check.lead) }
                    Tag.form(.action(Link("cek")), .post, .novalidate, .autocompleteOff) {
                        numberField(.nik, Words.Check.nik, hint: Words.Check.nikHint, form)
                        numberField(.familyNumber, Words.Check.familyNumber, hint: Words.Check.familyNumberHint, form)
                        birthDateFields(form)
                        Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Check.submit) } }
                    }
                }
                Tag.section(.class("card"), .aria(.labelledby, "mengapa")) {
                    Tag.h2(.id("mengapa")) { say(Words.Check.whyTitle) }
                    Tag.p { say(Words.Check.why) }
                    Tag.p(.class("soft")) { say(Words.Check.sharedPhone) }
                }
            }
        }
    }

    private func errorSummary(_ faults: [CheckForm.Fault]) -> HTML {
        Tag.div(.class("errors"), .role(.alert), .aria(.labelledby, "salah")) {
            Tag.h2(.id("salah")) { language(Words.Check.errorTitle) }
            Tag.ul {
                faults.map { fault in
                    Tag.li { Tag.a(.href(.fragment(fault.field.rawValue))) { language(fault.text) } }
                }
            }
        }
    }

    private func numberField(_ field: CheckForm.Field, _ name: Phrase, hint: Phrase, _ form: CheckForm) -> HTML {
        let fault = form.faults.first { $0.field == field }
        return Tag.div(.class(fault == nil ? "field" : "field bad")) {
            Tag.label(.for(field.rawValue)) { language(name) }
            Tag.span(.class("hint"), .id(field.rawValue + "-petunjuk")) { language(hint) }
            wrong(fault, id: field.rawValue)
            // Room for the groups in which cards print the digits.
            input(field, form, fault, length: 24, describedBy: field.rawValue)
        }
    }

    private func birthDateFields(_ form: CheckForm) -> HTML {
        let parts: [(CheckForm.Field, Phrase, Int)] = [
            (.day, Words.Check.day, 2), (.month, Words.Check.month, 2), (.year, Words.Check.year, 4),
        ]
        let fault = form.faults.first { fault in parts.contains { $0.0 == fault.field } }
        return Tag.fieldset(
            .class("field"),
            .aria(.describedby, "lahir-petunjuk" + (fault == nil ? "" : " lahir-salah"))
        ) {
            Tag.legend { language(Words.Check.birthDate) }
            Tag.span(.class("hint"), .id("lahir-petunjuk")) { language(Words.Check.birthDateHint) }
            wrong(fault, id: "lahir")
            Tag.div(.class("date")) {
                parts.map { field, name, length in
                    Tag.div {
                        Tag.label(.for(field.rawValue)) { language(name) }
                        input(field, form, fault?.field == field ? fault : nil, length: length, describedBy: nil)
                    }
                }
            }
        }
    }

    private func wrong(_ fault: CheckForm.Fault?, id: String) -> HTML? {
        fault.map { fault in Tag.span(.class("wrong"), .id(id + "-salah")) { language(fault.text) } }
    }

    private func input(
        _ field: CheckForm.Field, _ form: CheckForm, _ fault: CheckForm.Fault?, length: Int, describedBy id: String?
    ) -> HTML {
        VoidTag.input(
            .type(.text), .id(field.rawValue), .name(field.rawValue), .numericKeys, .autocompleteOff, .spellcheckOff,
            .maxlength(length), form.typed[field].map { .value($0) },
            fault == nil ? nil : .class("bad"), fault == nil ? nil : .aria(.invalid, "true"),
            id.map { .aria(.describedby, "\($0)-petunjuk" + (fault == nil ? "" : " \($0)-salah")) })
    }

    /// Told whenever the three do not belong together. It repeats nothing that was typed, so that it is the same to the
    /// byte whether the NIK exists or not.
    func noMatchPage() -> HTML {
        let say = language
        return document(title: say(Words.Check.noMatchTitle), place: .check) {
            Tag.div(.class("in part")) {
                Tag.div(.class("text")) {
                    Tag.h1 { say(Words.Check.noMatchTitle) }
                    Tag.p(.class("lead")) { say(Words.Check.noMatch) }
                    Tag.ul { Words.Check.noMatchChecks.map { check in Tag.li { say(check) } } }
                    Tag.p { say(Words.Check.noMatchLimit) }
                    Tag.div(.class("acts")) {
                        Tag.a(.class("button"), .href(Place.check.link)) { say(Words.Check.again) }
                        callCentreLink(say(Words.callCentreLine(region.callCentre)), class: "button quiet")
                    }
                }
            }
        }
    }

    /// Told to who has to wait before the next try.
    func waitPage(seconds: Int) -> HTML {
        let say = language
        return document(title: say(Words.Check.waitTitle), place: .check) {
            Tag.div(.class("in part")) {
                Tag.div(.class("text")) {
                    Tag.h1 { say(Words.Check.waitTitle) }
                    Tag.p(.class("lead")) { say(Words.Check.wait(seconds)) }
                    Tag.p { say(Words.Check.waitWhy) }
                    Tag.p { say(Words.Check.waitHelp) }
                    Tag.div(.class("acts")) {
                        callCentreLink(say(Words.callCentreLine(region.callCentre)), class: "button")
                    }
                }
            }
        }
    }

    /// Told when a request fails.
    ///
    /// - Parameters:
    ///   - status: the status of the response.
    ///   - report: a number by which the fault is found in the log; nil where the fault is not ours.
    func failurePage(status: Int, report: String?) -> HTML {
        let say = language
        return document(title: say(Words.Failure.title(status)), place: nil) {
            Tag.div(.class("in part")) {
                Tag.div(.class("text")) {
                    Tag.p(.class("soft")) { String(status) }
                    Tag.h1 { say(Words.Failure.title(status)) }
                    Tag.p(.class("lead")) { say(Words.Failure.text(status)) }
                    report.map { report in
                        Tag.p {
                            say(Words.Failure.report) + " "
                            Tag.strong { report }
                        }
                    }
                    Tag.div(.class("acts")) {
                        Tag.a(.class("button"), .href(Place.home.link)) { say(Words.Failure.toHome) }
                        Tag.a(.class("button quiet"), .href(Place.check.link)) { say(Words.Failure.toCheck) }
                    }
                }
            }
        }
    }
}

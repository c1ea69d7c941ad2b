/// What was typed to sign in.
struct SignInForm: Sendable {
    /// Where to go afterwards.
    var destination = ""
    /// The account's name, sent back; the password never is.
    var name = ""
    var fault: String?
}

extension PageContext {
    /// Where staff sign in.
    func signInPage(_ form: SignInForm) -> HTML {
        let say = language
        return narrow(Words.Access.title, Words.Access.lead) {
            refusal(form.fault)
            Tag.form(.action(Link("masuk")), .post, .novalidate) {
                if !form.destination.isEmpty {
                    VoidTag.input(.type(.hidden), .name("tujuan"), .value(form.destination))
                }
                entry(
                    "nama", Words.Access.name, value: form.name, .autocomplete(.username), isFirst: form.name.isEmpty,
                    isWrong: form.fault != nil)
                entry(
                    "sandi", Words.Access.password, .autocomplete(.currentPassword), isSecret: true,
                    isFirst: !form.name.isEmpty, isWrong: form.fault != nil)
                Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Access.enter) } }
            }
            Tag.p(.class("soft")) { say(Words.Access.forgotten) }
            Tag.p(.class("soft")) { say(Words.Access.residents) }
        }
    }

    /// Where the authenticator's code is typed.
    func codePage(_ fault: String?) -> HTML {
        let say = language
        return narrow(Words.Access.codeTitle, Words.Access.codeLead) {
            refusal(fault)
            Tag.form(.action(address), .post, .novalidate) {
                token
                entry(
                    "kode", Words.Access.code, hint: Words.Access.codeHint, .autocomplete(.oneTimeCode), isFirst: true,
                    isWrong: fault != nil)
                Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Access.onward) } }
            }
        }
    }

    /// Where a password is chosen in place of one that somebody else has seen.
    ///
    /// - Parameter name: the account's.
    func newPasswordPage(_ fault: String?, name: String) -> HTML {
        let say = language
        return narrow(Words.Access.newPasswordTitle, Words.Access.newPasswordLead) {
            refusal(fault)
            Tag.form(.action(address), .post, .novalidate) {
                token
                accountName(name)
                newPasswordFields(isFirst: true, isWrong: fault != nil)
                Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Access.onward) } }
            }
        }
    }

    /// Whose password it is, for the browser's keeper of passwords.
    func accountName(_ name: String) -> HTML {
        VoidTag.input(.type(.text), .name("akun"), .autocomplete(.username), .value(name), .hidden)
    }

    /// The fields for a new password, twice.
    func newPasswordFields(isFirst: Bool, isWrong: Bool) -> HTML {
        HTML([
            entry(
                "sandi-baru", Words.Access.newPassword, hint: Words.Access.newPasswordHint,
                .autocomplete(.newPassword), isSecret: true, isFirst: isFirst, isWrong: isWrong),
            entry(
                "sandi-ulang", Words.Access.repeated, .autocomplete(.newPassword), isSecret: true, isWrong: isWrong),
        ])
    }

    /// Where an authenticator is set up.
    ///
    /// - Parameters:
    ///   - secret: what is typed into the app.
    ///   - address: what the app reads from the QR code.
    func authenticatorPage(secret: String, address uri: String, fault: String?) -> HTML {
        let say = language
        return narrow(Words.Access.setUpTitle, Words.Access.setUpLead) {
            QRCode(uri).map { code in Tag.p(.class("qr")) { code.drawing(label: say(Words.Access.qr)) } }
            Tag.p {
                say(Words.Access.secret) + " "
                Tag.code(.class("raw")) { secret }
            }
            refusal(fault)
            Tag.form(.action(address), .post, .novalidate) {
                token
                entry(
                    "kode", Words.Access.setUpCode, .autocomplete(.oneTimeCode), isFirst: fault != nil,
                    isWrong: fault != nil)
                Tag.p { Tag.button(.class("button"), .type(.submit)) { say(Words.Access.onward) } }
            }
        }
    }

    /// The codes that each serve once in the authenticator's place.
    func recoveryPage(_ codes: [String], onward: Link) -> HTML {
        let say = language
        return narrow(Words.Access.recoveryTitle, Words.Access.recoveryLead) {
            Tag.ul(.class("codes"), .role(.list)) {
                codes.map { code in Tag.li { Tag.code { code } } }
            }
            Tag.p { Tag.a(.class("button"), .href(onward)) { say(Words.Access.kept) } }
        }
    }

    // MARK: Parts

    /// A page with a heading, what it is for, and one form.
    func narrow(_ title: Phrase, _ lead: Phrase, @HTMLBuilder content: () -> HTML) -> HTML {
        document(title: language(title), place: nil) {
            Tag.div(.class("in part")) {
                Tag.div(.class("text")) {
                    Tag.h1 { language(title) }
                    Tag.p(.class("lead")) { language(lead) }
                    content()
                }
            }
        }
    }

    /// Why a form was refused.
    func refusal(_ fault: String?) -> HTML {
        fault.map { fault in Tag.p(.class("wrong"), .id("salah"), .role(.alert)) { fault } } ?? HTML()
    }

    /// A field with its label.
    func entry(
        _ name: String, _ label: Phrase, hint: Phrase? = nil, value: String = "", _ autocomplete: Attribute? = nil,
        isSecret: Bool = false, isFirst: Bool = false, isWrong: Bool = false
    ) -> HTML {
        let described = [hint == nil ? nil : name + "-petunjuk", isWrong ? "salah" : nil].compactMap(\.self)
        return Tag.div(.class("field")) {
            Tag.label(.for(name)) { language(label) }
            hint.map { hint in Tag.p(.class("hint"), .id(name + "-petunjuk")) { language(hint) } }
            VoidTag.input(
                .type(isSecret ? .password : .text), .id(name), .name(name), autocomplete ?? .autocompleteOff,
                .spellcheckOff, .autocapitalizeOff, .maxlength(isSecret ? 200 : 100), .value(value),
                isFirst ? .autofocus : nil, isWrong ? .class("bad") : nil,
                isWrong ? .aria(.invalid, "true") : nil,
                described.isEmpty ? nil : .aria(.describedby, described.joined(separator: " ")))
        }
    }
}

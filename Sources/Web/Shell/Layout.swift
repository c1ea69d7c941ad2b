import Access

/// What every page needs to know about the request that it answers.
struct PageContext: Sendable {
    let region: SiteRegion
    let language: Language
    /// The address under which the page can be read again in the other language.
    let address: Link
    /// Who reads it, where somebody is signed in.
    var guest: Guest?
    /// What a form must bring along that is sent within a session; nil outside of one.
    var formToken: String?
}

/// The parts of the site that the navigation names.
enum Place: CaseIterable {
    case home, check, figures

    var title: Phrase {
        switch self {
        case .home: Words.home
        case .check: Words.check
        case .figures: Words.figures
        }
    }

    var link: Link {
        switch self {
        case .home: Link()
        case .check: Link("cek")
        case .figures: Link("kerja")
        }
    }
}

extension PageContext {
    /// A whole page around its content.
    ///
    /// - Parameters:
    ///   - title: the page's name, without the site's.
    ///   - place: the part of the site that the page belongs to; nil for pages of none.
    func document(title: String, place: Place?, @HTMLBuilder content: () -> HTML) -> HTML {
        let say = language
        return .document(
            Tag.html(.lang(language)) {
                Tag.head {
                    VoidTag.meta(.utf8)
                    Tag.title { "\(title) – Tepat \(say(region.name))" }
                    VoidTag.meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                    VoidTag.meta(.name("color-scheme"), .content("light dark"))
                    VoidTag.meta(.name("theme-color"), .content(Palette.light.band.description))
                    VoidTag.meta(.name("format-detection"), .content("telephone=no"))
                    VoidTag.link(.rel(.stylesheet), .href(Asset.stylesheet.path))
                    VoidTag.link(.rel(.icon), .mediaType(Asset.icon.mediaType), .href(Asset.icon.path))
                }
                Tag.body {
                    Tag.a(.class("skip"), .href(.fragment("isi"))) { say(Words.skip) }
                    if region.demonstration { Tag.div(.class("demo"), .role(.status)) { say(Words.demonstration) } }
                    header(place)
                    Tag.main(.id("isi"), .focusable) { content() }
                    footer
                }
            })
    }

    private func header(_ place: Place?) -> HTML {
        let say = language
        let other: Language = language == .id ? .en : .id
        return Tag.header(.class("top")) {
            Tag.div(.class("in")) {
                Tag.a(.class("brand"), .href(Place.home.link)) {
                    Logo.inline
                    Tag.span {
                        Tag.strong { "Tepat" }
                        say(region.name)
                    }
                }
                Tag.nav(.aria(.label, say(Words.pages))) {
                    Place.allCases.map { item in
                        Tag.a(.href(item.link), item == place ? .aria(.current, "page") : nil) { say(item.title) }
                    }
                }
                guest.map { guest in
                    Tag.div(.class("guest")) {
                        Tag.a(.href(Link("meja"))) { guest.principal.fullName }
                        Tag.form(.action(Link("keluar")), .post) {
                            token
                            Tag.button(.type(.submit)) { say(Words.Access.leave) }
                        }
                    }
                }
                Tag.a(
                    .class("tongue"), .href(address.setting("bahasa", other.rawValue)), .lang(other), .hreflang(other)
                ) { say(Words.otherLanguage) }
            }
        }
    }

    /// The hidden field that each form within a session has; nothing outside of one.
    var token: HTML {
        formToken.map { VoidTag.input(.type(.hidden), .name("tanda"), .value($0)) } ?? HTML()
    }

    private var footer: HTML {
        let say = language
        return Tag.footer(.class("foot")) {
            Tag.div(.class("in")) {
                Tag.div {
                    Tag.p { say(Words.callCentre) }
                    Tag.p(.class("tel")) { callCentreLink(say(Words.callCentreLine(region.callCentre))) }
                }
                Tag.div(.class("text")) {
                    Tag.p { Tag.strong { say(region.socialOffice) } }
                    Tag.p(.class("soft")) { say(Words.privacy) }
                    if guest == nil { Tag.p { Tag.a(.href(Link("masuk"))) { say(Words.Access.forOfficers) } } }
                }
            }
        }
    }

    /// A link that calls the call centre.
    func callCentreLink(_ text: String, class name: String? = nil) -> HTML {
        Tag.a(name.map { .class($0) }, .href(.telephone(region.callCentre))) { text }
    }
}

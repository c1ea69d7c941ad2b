extension PageContext {
    /// What Tepat does, how decisions are made, and where to go.
    func homePage() -> HTML {
        let say = language
        return document(title: say(Words.tagline), place: .home) {
            Tag.section(.class("hero")) {
                Self.scene
                Tag.div(.class("in")) {
                    Tag.h1 { say(Words.Home.title) }
                    Tag.p(.class("lead")) { say(Words.Home.lead) }
                    Tag.div(.class("acts")) {
                        Tag.a(.class("button"), .href(Place.check.link)) { say(Words.Home.checkNow) }
                        Tag.a(.class("button quiet"), .href(Place.figures.link)) { say(Words.Home.seeFigures) }
                    }
                }
            }
            Tag.section(.class("in part"), .aria(.labelledby, "langkah")) {
                Tag.h2(.id("langkah")) { say(Words.Home.stepsTitle) }
                Tag.ol(.class("grid three steps"), .role(.list)) {
                    Words.Home.steps.map { step in
                        Tag.li(.class("card")) {
                            Tag.h3 { say(step.title) }
                            Tag.p { say(step.text) }
                        }
                    }
                }
            }
            Tag.section(.class("in part"), .aria(.labelledby, "cara")) {
                Tag.h2(.id("cara")) { say(Words.Home.howTitle) }
                Tag.div(.class("grid two plain")) {
                    Words.Home.how.map { item in
                        Tag.div {
                            Tag.h3 { say(item.title) }
                            Tag.p { say(item.text) }
                        }
                    }
                }
            }
            Tag.section(.class("in part"), .aria(.labelledby, "orang")) {
                Tag.div(.class("card call")) {
                    Tag.div {
                        Tag.h2(.id("orang")) { say(Words.Home.helpTitle) }
                        Tag.p { say(Words.Home.help) }
                    }
                    callCentreLink(say(Words.callCentreLine(region.callCentre)), class: "button")
                }
            }
        }
    }

    /// Sunrise over the volcanoes; the sun is the target of the logo.
    private static let scene = Tag.svg(
        .class("scene"), .viewBox(0, 0, 1200, 300), .height(224), .covering, .aria(.hidden, "true")
    ) {
        [230, 180, 130].map { Tag.circle(.class("s-ring"), .cx(950), .cy(190), .r($0)) }
        Tag.circle(.class("s-sun"), .cx(950), .cy(190), .r(78))
        Tag.path(
            .class("s-far"),
            .d(
                "M0 300V235C90 225 150 150 205 138c18-4 36 10 52 8 50 44 110 64 180 70 80-8 120-62 170-76 14-4 24 8 38 6 60 40 130 62 205 62 110 0 190-70 240-70 50 4 70 34 110 52v110z"
            ))
        Tag.path(
            .class("s-middle"),
            .d("M0 300V262c120-6 200-44 290-40s170 40 270 38 190-34 290-32 200 30 350 16v56z"))
        Tag.path(.class("s-near"), .d("M0 300v-22c200-18 330 10 520 2s330-26 680-6v26z"))
    }
}

/// The logo: a target, and an arrow that has reached its middle.
enum Logo {
    /// For a page, in the colours of its style sheet.
    static let inline = Tag.svg(.viewBox(0, 0, 64, 64), .width(38), .height(38), .aria(.hidden, "true")) {
        Tag.circle(.class("logo-ring"), .cx(29), .cy(35), .r(24))
        Tag.circle(.class("logo-ring"), .cx(29), .cy(35), .r(12))
        Tag.path(.class("logo-arrow"), .d("M29 35L54 10M44 9l10 1 1 10"))
    }

    /// As a file of its own.
    static let icon = Tag.svg(.svgNamespace, .viewBox(0, 0, 64, 64)) {
        Tag.rect(.width(64), .height(64), .fill(Palette.light.band))
        Tag.circle(.cx(29), .cy(35), .r(20), .fill(Palette.light.band), .stroke(Palette.light.onBand), .strokeWidth(5))
        Tag.circle(.cx(29), .cy(35), .r(8), .fill(Palette.light.onBand))
        Tag.path(.d("M29 35L54 10"), .stroke(Palette.light.sun), .strokeWidth(7))
    }
}

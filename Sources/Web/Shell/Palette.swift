/// An opaque colour.
public struct Colour: Sendable, Hashable, CustomStringConvertible {
    /// Red, green and blue, 8 bits each: `0x0B5C6B`.
    public let rgb: UInt32

    /// A colour from red, green and blue, 8 bits each.
    public init(_ rgb: UInt32) { self.rgb = rgb }

    /// As style sheets write it: `#0b5c6b`.
    public var description: String {
        let digits = String(rgb & 0xFFFFFF, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

/// The colours of one scheme. Which text stands on which ground is listed in ``pairs``, so that contrast can be tested.
struct Palette: Sendable {
    let paper, card, ink, soft, line, link: Colour
    /// The band at the top and the main button, and text on them.
    let band, onBand, action, onAction: Colour
    let error, focus, mark: Colour
    /// Grounds and texts of the states: funded, waitlisted, undetermined, ineligible.
    let fundedGround, funded, waitGround, wait, openGround, open, outGround, out: Colour
    /// The map: no figures, then from few to many; one hue from light to dark (or the other way round in the dark), so
    /// that it reads without seeing colours.
    let mapNone: Colour
    let map: [Colour]
    /// The picture of the home page: sky, sun, and the hills from far to near.
    let sky, sun, far, middle, near: Colour

    static let light = Palette(
        paper: Colour(0xF6F4EE), card: Colour(0xFFFFFF), ink: Colour(0x17262E), soft: Colour(0x4A5A62),
        line: Colour(0xD8D3C6), link: Colour(0x0A5A6A),
        band: Colour(0x0B4654), onBand: Colour(0xFFFFFF), action: Colour(0x0B5F70), onAction: Colour(0xFFFFFF),
        error: Colour(0xA3231F), focus: Colour(0x0B4654), mark: Colour(0xFFE9B8),
        fundedGround: Colour(0xE3F1E8), funded: Colour(0x17603A), waitGround: Colour(0xFCEFD5), wait: Colour(0x744700),
        openGround: Colour(0xE4EDF8), open: Colour(0x1E4C87), outGround: Colour(0xEEEAE4), out: Colour(0x524640),
        mapNone: Colour(0xE6E2D8),
        map: [0xD7ECE8, 0xA3D3D0, 0x63B1B6, 0x2A8595, 0x0B4F62].map { Colour($0) },
        sky: Colour(0xF9E7C6), sun: Colour(0xD9772B), far: Colour(0x8FB9B5), middle: Colour(0x3F8791),
        near: Colour(0x0B4654))

    static let dark = Palette(
        paper: Colour(0x0E171B), card: Colour(0x162329), ink: Colour(0xE8EEEC), soft: Colour(0xA9BABD),
        line: Colour(0x30424A), link: Colour(0x86D3DF),
        band: Colour(0x0A3843), onBand: Colour(0xFFFFFF), action: Colour(0x8AD5E0), onAction: Colour(0x07242B),
        error: Colour(0xFF9E95), focus: Colour(0xF5C66B), mark: Colour(0x4A3A12),
        fundedGround: Colour(0x14321F), funded: Colour(0x9CDDB4), waitGround: Colour(0x3A2B0C), wait: Colour(0xF5CE85),
        openGround: Colour(0x15294A), open: Colour(0xADCBF5), outGround: Colour(0x2B2825), out: Colour(0xD5C9BF),
        mapNone: Colour(0x232C30),
        map: [0x17414B, 0x1F6572, 0x3A8E99, 0x74BBBF, 0xC4EBE6].map { Colour($0) },
        sky: Colour(0x14303A), sun: Colour(0xE08A3C), far: Colour(0x1F5560), middle: Colour(0x123F4A),
        near: Colour(0x0A2A32))

    /// Text and the ground it stands on.
    var pairs: [(text: Colour, ground: Colour)] {
        [
            (ink, paper), (ink, card), (soft, paper), (soft, card), (link, paper), (link, card), (onBand, band),
            (onAction, action), (error, card), (error, paper), (ink, mark), (funded, fundedGround), (wait, waitGround),
            (open, openGround), (out, outGround), (ink, fundedGround), (ink, waitGround),
        ]
    }

    /// The colours as custom properties.
    var properties: String {
        let named: [(String, Colour)] = [
            ("paper", paper), ("card", card), ("ink", ink), ("soft", soft), ("line", line), ("link", link),
            ("band", band), ("on-band", onBand), ("action", action), ("on-action", onAction), ("error", error),
            ("focus", focus), ("mark", mark), ("funded-bg", fundedGround), ("funded", funded), ("wait-bg", waitGround),
            ("wait", wait), ("open-bg", openGround), ("open", open), ("out-bg", outGround), ("out", out),
            ("none", mapNone), ("sky", sky), ("sun", sun), ("far", far), ("middle", middle), ("near", near),
        ]
        let steps = map.enumerated().map { ("m\($0.offset)", $0.element) }
        return (named + steps).map { "--\($0.0):\($0.1)" }.joined(separator: ";")
    }
}

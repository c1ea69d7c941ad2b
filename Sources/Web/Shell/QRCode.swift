import CQREncode

/// A QR code (ISO/IEC 18004), made by libqrencode, drawn as one SVG path.
struct QRCode: Sendable {
    /// How many modules it is wide.
    let width: Int
    private let path: String

    /// A code of a text, with error correction of level M; nil where the text is too long.
    init?(_ text: String) {
        guard !text.isEmpty, let made = text.withCString({ QRcode_encodeString8bit($0, 0, QR_ECLEVEL_M) }) else {
            return nil
        }
        defer { QRcode_free(made) }
        width = Int(made.pointee.width)
        guard let data = made.pointee.data else { return nil }
        var path = ""
        for y in 0..<width {
            var x = 0
            while x < width {
                var end = x
                // The lowest bit says whether a module is dark; the others are libqrencode's own notes.
                while end < width, data[y * width + end] & 1 == 1 { end += 1 }
                if end > x { path += "M\(x) \(y)h\(end - x)v1H\(x)z" }
                x = max(end, x + 1)
            }
        }
        self.path = path
    }

    /// The drawing, dark on light also where the page is dark, with the quiet zone of four modules around it.
    func drawing(label: String) -> HTML {
        Tag.svg(
            .class("qr-code"), .viewBox(-4, -4, width + 8, width + 8), .role(.img), .aria(.label, label)
        ) {
            Tag.rect(.class("qr-light"), .x(-4), .y(-4), .width(width + 8), .height(width + 8))
            Tag.path(.class("qr-dark"), .d(path))
        }
    }
}

import Foundation

/// A district or village with its outline.
public struct RegionOutline: Sendable, Equatable {
    /// Its code: `35.10.16`, `35.10.16.1014`.
    public let code: String
    /// Its name.
    public let name: String
    /// Its outline, as the `d` of an SVG path.
    public let path: String
    /// Where its name stands on the map.
    public let label: MapPoint

    /// An outline.
    public init(code: String, name: String, path: String, label: MapPoint) {
        self.code = code
        self.name = name
        self.path = path
        self.label = label
    }
}

/// A point of a map, in the map's units.
public struct MapPoint: Sendable, Equatable {
    /// From the left.
    public let x: Int
    /// From the top.
    public let y: Int

    /// A point.
    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A part of the plane, in the map's units.
public struct MapBox: Sendable, Equatable {
    /// Left edge.
    public private(set) var minX: Int
    /// Upper edge.
    public private(set) var minY: Int
    /// Right edge.
    public private(set) var maxX: Int
    /// Lower edge.
    public private(set) var maxY: Int

    /// Width.
    public var width: Int { maxX - minX }
    /// Height.
    public var height: Int { maxY - minY }

    /// A box from its edges.
    public init(minX: Int, minY: Int, maxX: Int, maxY: Int) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    mutating func include(_ x: Int, _ y: Int) {
        minX = min(minX, x)
        minY = min(minY, y)
        maxX = max(maxX, x)
        maxY = max(maxY, y)
    }
}

/// The outlines of a region's districts and villages.
public struct RegionMap: Sendable {
    /// A part of the map that a page shows: all districts, or the villages of one.
    public struct Sheet: Sendable {
        /// The regions of the part, by code.
        public let outlines: [RegionOutline]
        /// The part of the plane they lie in.
        public let box: MapBox
    }

    /// The districts.
    public let districts: Sheet
    /// The villages of each district, by the district's code.
    public let villages: [String: Sheet]
    /// Who made the outlines, under which licence.
    public let credit: String

    /// The name of a district.
    public func districtName(_ code: String) -> String? {
        districts.outlines.first { $0.code == code }?.name
    }

    /// Reads a region pack's `outlines.json`.
    ///
    /// - Parameters:
    ///   - outlines: the content of the file.
    ///   - villageNames: each village's name by its code, since the file does not repeat them.
    /// - Throws: ``RegionMapError`` where the file has another form, an outline is none, or a village has no name or
    ///   district.
    public init(outlines: Data, villageNames: [String: String]) throws(RegionMapError) {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: outlines)
        } catch {
            throw RegionMapError(region: nil, reason: "outlines.json has not the form that the map needs: \(error)")
        }
        credit = file.credit
        districts = try Self.sheet(
            file.districts.map { shape throws(RegionMapError) in try shape.outline(name: shape.name) })
        var villages: [String: Sheet] = [:]
        for (district, shapes) in Dictionary(grouping: file.villages, by: { String($0.code.prefix(8)) }) {
            guard districts.outlines.contains(where: { $0.code == district }) else {
                throw RegionMapError(
                    region: district, reason: "outlines.json has villages of this district but not itself")
            }
            villages[district] = try Self.sheet(
                shapes.map { shape throws(RegionMapError) in try shape.outline(name: villageNames[shape.code]) })
        }
        self.villages = villages
    }

    private static func sheet(_ outlines: [RegionOutline]) throws(RegionMapError) -> Sheet {
        var box: MapBox?
        for outline in outlines {
            guard let bounds = bounds(ofPath: outline.path) else {
                throw RegionMapError(
                    region: outline.code,
                    reason: "its path has something else than M, m, L, l, H, h, V, v, z and whole numbers")
            }
            if box == nil { box = bounds }
            box?.include(bounds.minX, bounds.minY)
            box?.include(bounds.maxX, bounds.maxY)
        }
        guard let box else { throw RegionMapError(region: nil, reason: "outlines.json has a level without regions") }
        return Sheet(outlines: outlines.sorted { $0.code < $1.code }, box: box)
    }

    /// The box around a path of straight lines with whole coordinates; nil where the path is of another kind.
    static func bounds(ofPath path: String) -> MapBox? {
        var scanner = PathScanner(path)
        var box: MapBox?
        var (x, y, startX, startY) = (0, 0, 0, 0)
        while let command = scanner.command() {
            if command == UInt8(ascii: "z") || command == UInt8(ascii: "Z") {
                (x, y) = (startX, startY)
                continue
            }
            var isFirst = true
            while let number = scanner.number() {
                switch command {
                case UInt8(ascii: "H"): x = number
                case UInt8(ascii: "h"): x += number
                case UInt8(ascii: "V"): y = number
                case UInt8(ascii: "v"): y += number
                case UInt8(ascii: "M"), UInt8(ascii: "L"):
                    guard let second = scanner.number() else { return nil }
                    (x, y) = (number, second)
                case UInt8(ascii: "m"), UInt8(ascii: "l"):
                    guard let second = scanner.number() else { return nil }
                    (x, y) = (x + number, y + second)
                default: return nil
                }
                if isFirst, command == UInt8(ascii: "M") || command == UInt8(ascii: "m") { (startX, startY) = (x, y) }
                isFirst = false
                if box == nil { box = MapBox(minX: x, minY: y, maxX: x, maxY: y) }
                box?.include(x, y)
            }
            if isFirst { return nil }
        }
        return scanner.isAtEnd ? box : nil
    }

    private struct File: Decodable {
        let credit: String
        let districts: [Shape]
        let villages: [Shape]
    }

    private struct Shape: Decodable {
        let code: String
        let name: String?
        let path: String
        let label: [Int]

        func outline(name: String?) throws(RegionMapError) -> RegionOutline {
            guard let name else { throw RegionMapError(region: code, reason: "it has an outline but no name") }
            guard label.count == 2 else { throw RegionMapError(region: code, reason: "its label is not two numbers") }
            return RegionOutline(code: code, name: name, path: path, label: MapPoint(x: label[0], y: label[1]))
        }
    }
}

/// What is wrong with a map's outlines.
public struct RegionMapError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The region concerned; nil where it is the file as a whole.
    public let region: String?
    /// What is wrong.
    public let reason: String

    /// The region and what is wrong.
    public var description: String { (region.map { "Region \($0): " } ?? "") + reason }
}

/// Reads the commands and numbers of an SVG path.
private struct PathScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ path: String) { bytes = Array(path.utf8) }

    var isAtEnd: Bool { index == bytes.count }

    mutating func command() -> UInt8? {
        skipSeparators()
        guard index < bytes.count, "MmLlHhVvZz".utf8.contains(bytes[index]) else { return nil }
        defer { index += 1 }
        return bytes[index]
    }

    mutating func number() -> Int? {
        skipSeparators()
        let start = index
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        guard let number = Int(String(decoding: bytes[start..<index], as: UTF8.self)), abs(number) < 1_000_000_000
        else {
            index = start
            return nil
        }
        return number
    }

    private mutating func skipSeparators() {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: ",") { index += 1 }
    }
}

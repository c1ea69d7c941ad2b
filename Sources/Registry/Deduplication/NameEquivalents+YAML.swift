import Foundation
import RecordLinkage

extension NameEquivalents {
    /// Reads the tables of a file `names.yaml`.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` with file, line and field where it is no such file.
    public static func read(_ path: String) throws(RegistryError) -> NameEquivalents {
        let node = try ConfigurationNode.read(path)
        do throws(ConfigurationFault) {
            let equivalents = try NameEquivalents(node)
            try node.finish()
            return equivalents
        } catch {
            throw .configuration(error)
        }
    }

    init(_ node: ConfigurationNode) throws(ConfigurationFault) {
        self.init()
        for list in try node.optional("titles")?.elements() ?? [] { titles.formUnion(try list.words()) }
        patronymics = Set(try node.optional("patronymics")?.words() ?? [])
        for (word, others) in try node.optional("words")?.entries() ?? [] {
            for other in try others.words() {
                guard words[other] == nil, other != word else {
                    throw others.fault("“\(other)” stands for two words")
                }
                words[other] = word
            }
        }
        for group in try node.optional("spellings")?.elements() ?? [] {
            for (from, to) in try group.entries() {
                guard !from.isEmpty else { throw to.fault("no letters to replace") }
                spellings.append((from, try to.string()))
            }
        }
        joinsDoubledLetters = try node.optional("doubled_letters")?.boolean() ?? false
    }

    /// These tables with another's besides: a region's beside the country's.
    public func adding(_ other: NameEquivalents) -> NameEquivalents {
        var all = self
        all.titles.formUnion(other.titles)
        all.patronymics.formUnion(other.patronymics)
        all.words.merge(other.words) { _, own in own }
        all.spellings += other.spellings
        all.joinsDoubledLetters = joinsDoubledLetters || other.joinsDoubledLetters
        return all
    }
}

extension PackLibrary {
    /// The ways in which names are written: Indonesia's, and a region's own where its pack has a file `names.yaml`.
    ///
    /// - Throws: ``RegistryError/configuration(_:)`` with file, line and field where one is wrong.
    public func nameEquivalents(of regency: RegionCode) throws(RegistryError) -> NameEquivalents {
        var equivalents = NameEquivalents.none
        for file in [names, root + "/Regions/\(regency)/names.yaml"]
        where FileManager.default.fileExists(atPath: file) {
            equivalents = equivalents.adding(try NameEquivalents.read(file))
        }
        return equivalents
    }
}

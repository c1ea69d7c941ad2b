import Foundation
import Registry

/// What is known of a survey's questions beside their numbers: their wording, which answers go with a better life, and
/// which columns are questions at all. Read from a file beside the model; nothing needs it.
public struct QuestionSheet: Codable, Sendable, Equatable {
    /// Which way the answer to a question may move a score.
    public enum Direction: String, Codable, Sendable, CaseIterable {
        /// A greater answer never makes the score poorer.
        case richer
        /// A greater answer never makes the score richer.
        case poorer
        /// Up and down, as the survey has it.
        case free
    }

    /// One question.
    public struct Question: Codable, Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its columns: one, or yes/no columns of which at most one is 1.
        public let columns: [String]
        /// How it is asked, by language.
        public let ask: [String: String]
        /// The answers, by language, where they are more than yes and no: “none of the columns” first.
        public let answers: [[String: String]]
        /// What a number is counted in, by language.
        public let unit: [String: String]
        /// Which way it may move a score; nil where the survey decides.
        public let direction: Direction?
        /// Where the bands of a number begin; nil where the survey decides.
        public let cuts: [Double]?
    }

    /// The survey's name.
    public let survey: String
    /// The survey's title, by language.
    public let title: [String: String]
    /// Where the survey comes from, by language.
    public let source: [String: String]
    /// The yes/no column that says that the head of the family is a man.
    public let maleHead: String?
    /// The column of how many people the family has.
    public let familySize: String?
    /// What the largest regions are called, by code path (`12`, `12/15`).
    public let regions: [String: String]
    /// The questions.
    public let questions: [Question]

    /// Every column that is a question.
    public var columns: [String] { questions.flatMap(\.columns) }

    /// The question that a column belongs to.
    func question(of column: String) -> Question? { questions.first { $0.columns.contains(column) } }

    /// Reads a file.
    public static func read(_ path: String) throws(ScoreError) -> QuestionSheet {
        let root: ConfigurationNode
        do { root = try ConfigurationNode.read(path) } catch { throw ScoreError(error) }
        do { return try QuestionSheet(root) } catch { throw .configuration(error) }
    }

    /// The sheet in a folder of surveys (`FOLDER/SURVEY/questions.yaml`) whose questions all stand in a header: the one
    /// with most of them.
    public static func find(in folder: String, for header: [String]) throws(ScoreError) -> QuestionSheet? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
        var found: QuestionSheet?
        for name in names {
            let path = "\(folder)/\(name)/questions.yaml"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let sheet = try read(path)
            guard Set(header).isSuperset(of: sheet.columns), sheet.columns.count > found?.columns.count ?? 0 else {
                continue
            }
            found = sheet
        }
        return found
    }

    private init(_ root: ConfigurationNode) throws(ConfigurationFault) {
        survey = try root.required("survey").string()
        title = try Wording(root.required("title")).texts
        source = try Wording(root.required("source")).texts
        maleHead = try root.optional("male_head")?.string()
        familySize = try root.optional("family_size")?.string()
        var regions: [String: String] = [:]
        if let node = try root.optional("regions") {
            for (code, name) in try node.entries() { regions[code] = try name.string() }
        }
        self.regions = regions
        var questions: [Question] = []
        var seen: Set<String> = []
        for (name, node) in try root.required("questions").entries() {
            let question = try Question(name: name, node)
            for column in question.columns where !seen.insert(column).inserted {
                throw node.fault("the column “\(column)” belongs to another question already")
            }
            questions.append(question)
        }
        self.questions = questions
        try root.finish()
    }
}

extension QuestionSheet.Question {
    fileprivate init(name: String, _ node: ConfigurationNode) throws(ConfigurationFault) {
        self.name = name
        columns = try node.optional("columns")?.words() ?? [name]
        ask = try Wording(node.required("ask")).texts
        unit = try node.optional("unit").map(Wording.init)?.texts ?? [:]
        direction = try node.optional("more")?.choice(QuestionSheet.Direction.self)
        var answers: [[String: String]] = []
        if let list = try node.optional("answers") {
            for answer in try list.elements() { answers.append(try Wording(answer).texts) }
            guard answers.count == columns.count + 1 else {
                throw list.fault("\(columns.count) columns have \(columns.count + 1) answers, of which “none” is first")
            }
        } else if columns.count > 1 {
            throw node.fault("a question with several columns needs its “answers”")
        }
        self.answers = answers
        if let list = try node.optional("cuts") {
            var cuts: [Double] = []
            for element in try list.elements() { cuts.append(try element.double()) }
            guard cuts == Array(Set(cuts)).sorted(), !cuts.isEmpty else {
                throw list.fault("bands begin at numbers that rise")
            }
            self.cuts = cuts
        } else {
            cuts = nil
        }
        try node.finish()
    }
}

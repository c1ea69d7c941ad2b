/// Where a word stands in a text, in time linear in both (Knuth, Morris, Pratt 1977).
struct TextSearch<Element: Equatable> {
    let word: [Element]
    /// For every place of the word, how much of its beginning stands again before that place.
    private let borders: [Int]

    init(_ word: [Element]) {
        self.word = word
        var borders = Array(repeating: 0, count: word.count)
        var length = 0
        for place in word.indices.dropFirst() {
            while length > 0, word[place] != word[length] { length = borders[length - 1] }
            if word[place] == word[length] { length += 1 }
            borders[place] = length
        }
        self.borders = borders
    }

    /// Calls a closure with every place where the word begins, also overlapping ones, until it says stop.
    func forEach(in text: some Sequence<Element>, _ body: (Int) -> Bool) {
        if word.isEmpty, !body(0) { return }
        var length = 0
        var position = 0
        for element in text {
            position += 1
            if word.isEmpty {
                if !body(position) { return }
                continue
            }
            while length > 0, length == word.count || element != word[length] { length = borders[length - 1] }
            if element == word[length] { length += 1 }
            if length == word.count, !body(position - length) { return }
        }
    }

    /// The first place at or after a start.
    func first(in text: [Element], from start: Int = 0) -> Int? {
        var result: Int?
        forEach(in: text[start...]) { place in
            result = start + place
            return false
        }
        return result
    }

    /// The last place at or before a limit.
    func last(in text: [Element], upTo limit: Int) -> Int? {
        var result: Int?
        forEach(in: text) { place in
            if place <= limit { result = place }
            return place < limit
        }
        return result
    }

    /// Places that do not overlap, no more than a limit.
    func places(in text: [Element], limit: Int) -> [Int] {
        var result: [Int] = []
        var end = 0
        forEach(in: text) { place in
            if result.count < limit, place >= end {
                result.append(place)
                end = place + word.count
            }
            return result.count < limit
        }
        return result
    }
}

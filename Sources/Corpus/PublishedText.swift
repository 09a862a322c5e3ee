import Foundation

/// A corpus that others published: where it lies, how it is called, and the bytes it must have.
struct PublishedText {
    /// The folder's name inside a data folder.
    let folderName: String
    let names: SplitNames
    /// Below the base URL, in the order train, valid, test.
    let paths: [String]
    /// SHA-256, in the same order.
    let hashes: [String]

    /// Penn Treebank as prepared by Mikolov et al. 2010.
    static let pennTreebank = PublishedText(
        folderName: "ptb", names: .pennTreebank,
        paths: ["train", "valid", "test"].map { "tomsercu/lstm/master/data/ptb.\($0).txt" },
        hashes: [
            "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
            "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
            "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
        ])

    /// WikiText-2 of Merity et al. 2016.
    static let wikiText2 = PublishedText(
        folderName: "wikitext-2", names: .wikiText2,
        paths: ["train", "valid", "test"].map { "pytorch/examples/main/word_language_model/data/wikitext-2/\($0).txt" },
        hashes: [
            "9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f",
            "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8",
            "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0",
        ])

    /// The three files where a data folder has all of them, under their own names or as train.txt, valid.txt, test.txt.
    func files(inDataFolder folder: URL) -> SplitFiles? {
        let place = folder.appendingPathComponent(folderName)
        return [names, .plain].first { $0.missing(in: place).isEmpty }?.files(in: place)
    }
}

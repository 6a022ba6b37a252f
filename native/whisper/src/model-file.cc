#include "model-file.h"

#include <cstring>
#include <filesystem>
#include <system_error>

#include "failure.h"

namespace botchat {
namespace {

constexpr uint32_t magic = 0x67676d6c;  // "ggml"

// std::filesystem::u8path is deprecated in C++20, where char8_t says the same.
std::filesystem::path toPath(const std::string& utf8) {
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
}

// Walks through the file's structure, front to back.
class Checker {
 public:
  Checker(std::ifstream& file, uint64_t size) : file_(file), left_(size) {}

  void check() {
    if (number<uint32_t>() != magic) corrupt("not a ggml model");
    checkHyperparameters();
    checkFilters();
    checkVocabulary();
    checkTensors();
  }

 private:
  struct Hyperparameters {
    int32_t vocabulary, audioContext, audioState, audioHeads, audioLayers;
    int32_t textContext, textState, textHeads, textLayers, mels, ftype;
  };

  // Bounds are wide around every published model (tiny … large-v3, distilled ones), and far below absurd.
  void checkHyperparameters() {
    h_ = number<Hyperparameters>();
    // 51864: English only, 51865: 99 languages, 51866: 100. whisper.cpp derives token ids from it.
    within("vocabulary", h_.vocabulary, 51864, 51866);
    within("audio context", h_.audioContext, 64, 6000);
    within("audio state", h_.audioState, 32, 4096);
    within("audio heads", h_.audioHeads, 1, 128);
    within("audio layers", h_.audioLayers, 1, 128);
    within("text context", h_.textContext, 64, 4096);
    within("text heads", h_.textHeads, 1, 128);
    within("text layers", h_.textLayers, 1, 128);
    if (h_.textState != h_.audioState) corrupt("audio and text states differ");
    if (h_.audioState % h_.audioHeads != 0 || h_.textState % h_.textHeads != 0) corrupt("state is no multiple of heads");
    if (h_.mels != 80 && h_.mels != 128) corrupt("unknown number of mel bands");

    // The weight types that whisper models are published or quantised in; ggml ends the process for others.
    const int ftype = h_.ftype % GGML_QNT_VERSION_FACTOR;
    const bool known = (ftype >= GGML_FTYPE_ALL_F32 && ftype <= GGML_FTYPE_MOSTLY_Q4_1) ||
                       (ftype >= GGML_FTYPE_MOSTLY_Q8_0 && ftype <= GGML_FTYPE_MOSTLY_Q6_K);
    if (h_.ftype < 0 || h_.ftype / GGML_QNT_VERSION_FACTOR > GGML_QNT_VERSION || !known) corrupt("unknown weight type");
    const ggml_type type = ggml_ftype_to_ggml_type(static_cast<ggml_ftype>(ftype));
    if (h_.audioState % ggml_blck_size(type) != 0) corrupt("weights do not fit their type");
  }

  void checkFilters() {
    const int32_t mels = number<int32_t>(), bins = number<int32_t>();
    if (mels != h_.mels || bins != 1 + WHISPER_N_FFT / 2) corrupt("wrong mel filters");
    skip(static_cast<uint64_t>(mels) * bins * sizeof(float));
  }

  void checkVocabulary() {
    const int32_t count = number<int32_t>();
    within("vocabulary entries", count, 1, h_.vocabulary);
    for (int32_t i = 0; i < count; ++i) {
      const uint32_t length = number<uint32_t>();
      if (length > 1024) corrupt("vocabulary entry too long");
      skip(length);
    }
  }

  void checkTensors() {
    int64_t count = 0;
    // whisper.cpp takes a file without any tensor for a test and "recognises" nothing.
    const int64_t expected = 7 + 15LL * h_.audioLayers + 4 + 24LL * h_.textLayers;
    while (left_ > 0) {
      const int32_t dimensions = number<int32_t>(), nameLength = number<int32_t>(), type = number<int32_t>();
      within("tensor dimensions", dimensions, 1, 4);
      within("tensor name", nameLength, 1, 128);
      if (type < 0 || type >= GGML_TYPE_COUNT || ggml_type_size(static_cast<ggml_type>(type)) == 0) corrupt("unknown tensor type");
      int32_t shape[4] = {1, 1, 1, 1};
      uint64_t elements = 1;
      for (int32_t i = 0; i < dimensions; ++i) {
        shape[i] = number<int32_t>();
        if (shape[i] < 1) corrupt("tensor without elements");
        elements *= static_cast<uint64_t>(shape[i]);
        if (elements > INT32_MAX) corrupt("tensor too large");
      }
      std::string name(nameLength, '\0');
      take(name.data(), name.size());
      // The tensors that tie the hyperparameters to the file's real sizes: nothing is allocated for a
      // number that no weights stand behind.
      if (name == "encoder.positional_embedding") expectShape(shape, h_.audioState, h_.audioContext);
      if (name == "decoder.positional_embedding") expectShape(shape, h_.textState, h_.textContext);
      if (name == "decoder.token_embedding.weight") expectShape(shape, h_.textState, h_.vocabulary);
      const auto kind = static_cast<ggml_type>(type);
      if (elements % ggml_blck_size(kind) != 0) corrupt("tensor does not fit its type");
      skip(elements / ggml_blck_size(kind) * ggml_type_size(kind));
      ++count;
    }
    if (count != expected) {
      corrupt("it has " + std::to_string(count) + " tensors of " + std::to_string(expected) + ", so it is incomplete");
    }
  }

  void expectShape(const int32_t (&shape)[4], int32_t columns, int32_t rows) {
    if (shape[0] != columns || shape[1] != rows) corrupt("weights of another shape than announced");
  }

  void within(const char* what, int64_t value, int64_t low, int64_t high) {
    if (value < low || value > high) corrupt(std::string(what) + " of " + std::to_string(value));
  }

  template <typename T>
  T number() {  // little-endian, as every machine we build for
    T value;
    take(&value, sizeof value);
    return value;
  }

  void take(void* output, size_t size) {
    if (size > left_) corrupt("it ends too early");
    if (!file_.read(static_cast<char*>(output), static_cast<std::streamsize>(size))) {
      throw Failure{"MODEL_UNREADABLE", "The model file could not be read"};
    }
    left_ -= size;
  }

  void skip(uint64_t size) {
    if (size > left_) corrupt("it ends too early");
    // Short steps stay inside the stream's buffer; a seek would throw the buffer away.
    if (size <= 4096) {
      file_.ignore(static_cast<std::streamsize>(size));
    } else {
      file_.seekg(static_cast<std::streamoff>(size), std::ios::cur);
    }
    left_ -= size;
  }

  [[noreturn]] static void corrupt(const std::string& why) {
    throw Failure{"MODEL_CORRUPT", "The file is not a whole whisper model: " + why};
  }

  std::ifstream& file_;
  uint64_t left_;
  Hyperparameters h_{};
};

}  // namespace

ModelFile::ModelFile(const std::string& utf8Path) {
  const auto path = toPath(utf8Path);
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw Failure{"MODEL_NOT_FOUND", "No such model file: " + utf8Path};
  if (!std::filesystem::is_regular_file(status)) throw Failure{"MODEL_UNREADABLE", "Not a readable file: " + utf8Path};
  size_ = std::filesystem::file_size(path, error);
  if (!error) file_.open(path, std::ios::binary);
  if (error || !file_) throw Failure{"MODEL_UNREADABLE", "The model file cannot be opened: " + utf8Path};
  Checker(file_, size_).check();
}

whisper_model_loader ModelFile::loader(const std::atomic<bool>& stop) {
  file_.clear();
  file_.seekg(0);
  position_ = 0;
  ended_ = readFailed_ = false;
  stop_ = &stop;
  whisper_model_loader loader{};
  loader.context = this;
  loader.read = [](void* self, void* output, size_t size) { return static_cast<ModelFile*>(self)->read(output, size); };
  loader.eof = [](void* self) { return static_cast<ModelFile*>(self)->ended_; };
  loader.close = [](void*) {};
  return loader;
}

size_t ModelFile::read(void* output, size_t size) {
  const bool atEnd = position_ == size_;
  size_t got = 0;
  if (!atEnd && !*stop_) {
    file_.read(static_cast<char*>(output), static_cast<std::streamsize>(size));
    got = static_cast<size_t>(file_.gcount());
  }
  if (got < size) {
    // whisper.cpp asks past the end once, to see whether another tensor follows. Anything else is a failure.
    // It uses what it asked for without looking at the count: let that be zeros.
    std::memset(static_cast<char*>(output) + got, 0, size - got);
    ended_ = true;
    readFailed_ |= !atEnd;
  }
  position_ += got;
  return got;
}

}  // namespace botchat

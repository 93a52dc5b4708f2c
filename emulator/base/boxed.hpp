#pragma once

#include <memory>
#include <utility>

namespace emulator {

// A value that is seldom there, kept apart so that its owner stays small. Copied with its owner.
template <class T>
class Boxed {
public:
    Boxed() = default;
    Boxed(const Boxed& other) : m_value{other.m_value ? std::make_unique<T>(*other.m_value) : nullptr} {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(const Boxed& other)
    {
        m_value = other.m_value ? std::make_unique<T>(*other.m_value) : nullptr;
        return *this;
    }
    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    T& emplace() { return *(m_value = std::make_unique<T>()); }
    T& emplace(T value) { return *(m_value = std::make_unique<T>(std::move(value))); }
    void reset() { m_value.reset(); }
    T& ensure() { return m_value ? *m_value : emplace(); }

    explicit operator bool() const { return m_value != nullptr; }
    T& operator*() const { return *m_value; }
    T* operator->() const { return m_value.get(); }

private:
    std::unique_ptr<T> m_value;
};

}  // namespace emulator

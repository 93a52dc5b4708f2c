#include "emulator/phone/menu.hpp"
#include "emulator/phone/phone_logic.hpp"

namespace emulator {

void PhoneLogic::press(const KeysPressed& e)
{
    if (!m.answersWeb())
        return;
    const Result<MenuPlace> place = followMenu(m, e.path);
    m_out.push_back(place.has_value() ? ShowDisplay{place->display, true, false}
                                      : ShowDisplay{place.error().detail, true, true});
    if (place.has_value() && place->resyncs)
        command(ResyncCommanded{e.entered, IpAddress{}, CommandedBy::Keypad});
}

}  // namespace emulator

#include "ui/cli/command_line.hpp"

int main(int argc, char** argv)
{
    return ui::runCommandLine(argc, argv);
}
